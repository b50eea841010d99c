/**
 * Where the system would look for a program: what `execvp` does, for explaining why it found none.
 */
import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** `folders` were looked through; undefined: the name is a path, and isn't looked up. */
export type ProgramLookup =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing'; readonly folders: readonly string[] | undefined }
  | { readonly kind: 'folder' | 'not-executable' | 'not-a-file' | 'unreachable'; readonly path: string };

/** What is searched when the environment has no PATH (glibc and musl agree on these two). */
const DEFAULT_PATH = '/bin:/usr/bin';

/** Looks for the name as a child in that folder, with that PATH, would. */
export function findProgram(name: string, cwd: string, searchPath: string | undefined): ProgramLookup {
  if (name.includes('/')) return inspect(resolve(cwd, name));
  // An empty entry means the working folder (POSIX).
  const folders = (searchPath ?? DEFAULT_PATH).split(':').map((folder) => resolve(cwd, folder));
  let second: ProgramLookup = { kind: 'missing', folders };
  for (const folder of folders) {
    const lookup = inspect(resolve(folder, name));
    if (lookup.kind === 'found') return lookup;
    if (lookup.kind === 'not-executable' && second.kind === 'missing') second = lookup;
  }
  return second;
}

function inspect(path: string): ProgramLookup {
  const stats = statOf(path);
  if (stats === 'unreachable') return { kind: 'unreachable', path };
  if (stats === undefined) return { kind: 'missing', folders: undefined };
  if (stats.isDirectory()) return { kind: 'folder', path };
  if (!stats.isFile()) return { kind: 'not-a-file', path };
  return { kind: mayExecute(path) ? 'found' : 'not-executable', path };
}

/** Undefined: it isn't there; unreachable: we may not know. */
export function statOf(path: string): Stats | 'unreachable' | undefined {
  try {
    return statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : 'unreachable';
  }
}

export function mayExecute(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Whatever the reason, it can't be.
    return false;
  }
}
