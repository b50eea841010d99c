/**
 * The variables of `${NAME}`: the environment, then `.env` beside the configuration, which is read only when the
 * environment doesn't have one.
 */
import { join } from 'node:path';
import { readVariables } from './environment.ts';
import type { Diagnostic } from './problem.ts';
import type { FileReader } from './read-text.ts';

export interface Variables {
  readonly valueOf: (name: string) => string | undefined;
  /** What is wrong with `.env`, as far as it was read. */
  readonly diagnostics: readonly Diagnostic[];
}

export function createVariables(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
  readFile: FileReader,
): Variables {
  const diagnostics: Diagnostic[] = [];
  let fromFile: ReadonlyMap<string, string> | undefined;
  const readOnce = (): ReadonlyMap<string, string> => {
    const file = join(folder, '.env');
    const read = readVariables(file, readFile, diagnostics);
    if (!('why' in read)) return read;
    if (!read.isMissing) {
      const message = `Cannot read "${file}": ${read.why}`;
      diagnostics.push({ severity: 'error', message, place: undefined, hint: undefined, trail: [] });
    }
    return new Map();
  };
  return {
    diagnostics,
    valueOf(name) {
      if (Object.hasOwn(env, name) && env[name] !== undefined) return env[name];
      fromFile ??= readOnce();
      return fromFile.get(name);
    },
  };
}
