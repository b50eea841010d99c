/**
 * The plan of a command line of `orderly all`, for tests: in the folder `/app`, which has these files.
 */
import assert from 'node:assert/strict';
import type { AllOptions } from '../../../../src/cli/all/options.ts';
import { type PlannedAll, planAll } from '../../../../src/cli/all/plan-all.ts';
import { scriptsFrom } from '../../../../src/cli/all/scripts.ts';

export interface Asked extends AllOptions {
  readonly words: readonly string[];
  readonly behind?: readonly string[];
  /** Of the package in the folder. */
  readonly scripts?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

function plan({ words, behind = [], scripts, files = {}, cwd = '/app', ...options }: Asked): PlannedAll {
  const read: Record<string, string> = { ...files };
  if (scripts !== undefined)
    read['/app/package.json'] = JSON.stringify({
      scripts: Object.fromEntries(scripts.map((name) => [name, 'x'])),
    });
  const readFile = (path: string): string => {
    const text = read[path];
    if (text === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' });
    return text;
  };
  return planAll({ words, behind, options }, scriptsFrom(cwd, readFile));
}

type Config = Extract<PlannedAll, { readonly ok: true }>['config'];

export function planned(asked: Asked): Config {
  const result = plan(asked);
  assert.ok(result.ok, result.ok ? '' : result.problems.join('\n'));
  return result.config;
}

/** `name: command`, in order. */
export function commands(asked: Asked): readonly string[] {
  const services = planned(asked).services as Readonly<Record<string, { readonly command: string }>>;
  return Object.entries(services).map(([name, { command }]) => `${name}: ${command}`);
}

export function problems(asked: Asked): readonly string[] {
  const result = plan(asked);
  assert.ok(!result.ok, 'it was taken');
  return result.problems;
}
