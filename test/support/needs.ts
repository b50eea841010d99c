/**
 * Programs of the system that tests run. What isn't installed is a reason to skip them, which the report counts with its name.
 *
 * Where ORDERLY_TEST_ALL is set, as `.ci/run` does after it has installed everything, nothing may be missing.
 */
import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin'];

/** For `skip`: which of them are missing; false: none. Throws if all were to be there. */
export function needs(...programs: readonly string[]): string | false {
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length === 0) return false;
  const reason = `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not installed`;
  if (process.env.ORDERLY_TEST_ALL !== undefined) throw new Error(`${reason}, and ORDERLY_TEST_ALL is set`);
  return reason;
}

function isInstalled(program: string): boolean {
  if (program === 'postgres') return postgresFolders().length > 0;
  const folders = [...(process.env.PATH ?? '').split(':'), ...SYSTEM_FOLDERS];
  return folders.some((folder) => mayExecute(join(folder, program)));
}

function mayExecute(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Debian keeps it off the PATH, a folder for each version; the newest last. */
export function postgresFolders(): readonly string[] {
  const root = '/usr/lib/postgresql';
  try {
    return readdirSync(root)
      .toSorted((one, other) => Number(one) - Number(other))
      .map((version) => join(root, version, 'bin'))
      .filter((folder) => mayExecute(join(folder, 'postgres')));
  } catch {
    return [];
  }
}
