/**
 * The scripts that a package manager would find from a folder: those of the nearest `package.json`, and for Deno before
 * them the tasks of the nearest `deno.json` or `deno.jsonc`.
 */
import { dirname, join } from 'node:path';
import { type FileReader, tryToRead } from '../../config/read-text.ts';

/** What stands before the colon of a shortcut, and what it is short for. */
export const RUNNERS = {
  npm: 'npm run',
  pnpm: 'pnpm run',
  yarn: 'yarn run',
  bun: 'bun run',
  node: 'node --run',
  deno: 'deno task',
} as const;

export type Runner = keyof typeof RUNNERS;

/** In the order of the file; or why there are none, a clause. */
export type FoundScripts =
  | { readonly ok: true; readonly file: string; readonly names: readonly string[] }
  | { readonly ok: false; readonly why: string };

/** Each file is read once, and only when it is asked for. */
export function scriptsFrom(cwd: string, readFile: FileReader): (runner: Runner) => FoundScripts {
  const nearest = (names: readonly string[], key: string) =>
    once(() => findScripts(cwd, names, key, readFile));
  const scripts = nearest(['package.json'], 'scripts');
  const tasks = nearest(['deno.json', 'deno.jsonc'], 'tasks');
  return (runner) => {
    if (runner !== 'deno') return scripts();
    const own = tasks();
    const others = scripts();
    if (!own.ok) return others.ok ? others : own;
    return others.ok ? { ...own, names: [...new Set([...own.names, ...others.names])] } : own;
  };
}

function findScripts(cwd: string, names: readonly string[], key: string, readFile: FileReader): FoundScripts {
  for (let folder = cwd; ; folder = dirname(folder)) {
    for (const name of names) {
      const file = join(folder, name);
      const read = tryToRead(file, readFile, 'regular');
      if (read.ok) return scriptsOf(file, read.text, key);
      if (!read.isMissing) return { ok: false, why: `"${file}" can't be read: ${read.why}` };
    }
    if (dirname(folder) === folder)
      return { ok: false, why: `there is no ${names[0]} in "${cwd}" or a folder above it` };
  }
}

function scriptsOf(file: string, text: string, key: string): FoundScripts {
  try {
    const value: unknown = JSON.parse(withoutComments(text));
    const found = isObject(value) ? value[key] : undefined;
    return { ok: true, file, names: isObject(found) ? Object.keys(found) : [] };
  } catch (error) {
    // A SyntaxError tells what it stands before.
    return { ok: false, why: `"${file}" is no JSON: ${(error as Error).message}` };
  }
}

/** Deno takes comments, and a comma behind the last. */
function withoutComments(text: string): string {
  return text
    .replace(/("(?:[^"\\\n]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '$1')
    .replace(/("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])/g, '$1');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
