/**
 * Loads configurations from texts in memory, for tests.
 */
import assert from 'node:assert/strict';
import { type Diagnostic, formatDiagnostic } from '../../../src/config/diagnostics/diagnostic.ts';
import { type LoadResult, loadConfig } from '../../../src/config/load-config.ts';
import type { Config, ServiceConfig } from '../../../src/config/types.ts';

export interface Given {
  /** Texts by absolute path, or the code of the error that reading them gives. */
  readonly files?: Readonly<Record<string, string | { readonly code: string }>>;
  readonly named?: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The result for a folder `/shop` that holds this `supervisor.yaml` and the other files given. */
export function loadText(text: string, given: Given = {}): Promise<LoadResult> {
  return loadFiles({ ...given, files: { '/shop/supervisor.yaml': text, ...given.files } });
}

export function loadFiles({ files = {}, named = [], cwd = '/shop', env = {} }: Given): Promise<LoadResult> {
  const readFile = (path: string): string => {
    const found = Object.hasOwn(files, path) ? files[path] : undefined;
    if (typeof found === 'string') return found;
    const code = found?.code ?? 'ENOENT';
    throw Object.assign(new Error(`${code}: ${path}`), { code });
  };
  return loadConfig({ files: named, cwd, env, readFile });
}

/** The configuration of a text that has to be good. */
export async function goodConfig(text: string, given?: Given): Promise<Config> {
  const result = await loadText(text, given);
  assert.ok(result.ok, result.ok ? '' : shown(result.diagnostics));
  return result.config;
}

/** The service `a` of a good configuration made of these lines. */
export async function goodService(lines: string, given?: Given): Promise<ServiceConfig> {
  const config = await goodConfig(
    `services:\n  a:\n    command: x\n${indented(lines)}  b: { command: y }\n`,
    given,
  );
  return config.services[0]!;
}

/** What is wrong with a text that has to be bad. */
export async function badConfig(text: string, given?: Given): Promise<readonly Diagnostic[]> {
  const result = await loadText(text, given);
  assert.ok(!result.ok, 'it was accepted');
  return result.diagnostics;
}

/** `line:column message` of everything that is wrong. */
export function places(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(
    ({ message, place }) => `${place ? `${place.line}:${place.column}` : '-'} ${message}`,
  );
}

/** `file:line:column message` of everything that is wrong with a text that has to be bad, with its trail. */
export async function wrong(text: string, given: Given): Promise<readonly string[]> {
  const told = ({ place, message }: Pick<Diagnostic, 'place' | 'message'>) =>
    `${place ? `${place.file.replace('/shop/', '')}:${place.line}:${place.column} ` : ''}${message}`;
  const diagnostics = await badConfig(text, given);
  return diagnostics.flatMap((one) => [told(one), ...one.trail.map((step) => `  ${told(step)}`)]);
}

/** As the user sees them. */
export function shown(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, '/shop')).join('\n');
}

function indented(lines: string): string {
  return lines
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('');
}
