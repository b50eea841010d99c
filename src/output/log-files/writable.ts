/**
 * Whether a file could be opened for appending, with the folders above it made if need be, told without making anything.
 */
import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Why it can't be, a clause; undefined: nothing is known to stand against it. `path` is absolute, and on a file system that answers.
 * Never throws.
 */
export function whyNotWritten(path: string): string | undefined {
  const stats = look(path);
  if (stats === 'nothing') return whyNotMade(dirname(path));
  if (typeof stats === 'string') return stats;
  return whyNoLog(stats) ?? denied(path, constants.W_OK);
}

export function whyNoLog(stats: Stats): string | undefined {
  if (stats.isDirectory()) return 'it is a folder';
  if (stats.isFIFO()) return 'it is a named pipe';
  return stats.isFile() || stats.isCharacterDevice() ? undefined : 'it is no file';
}

/** Something can't be made in that folder, or the folder itself can't be. */
function whyNotMade(folder: string): string | undefined {
  const stats = look(folder);
  if (stats === 'nothing') return folder === dirname(folder) ? undefined : whyNotMade(dirname(folder));
  if (typeof stats === 'string') return stats;
  if (!stats.isDirectory()) return `"${folder}" is not a folder`;
  return denied(folder, constants.W_OK | constants.X_OK);
}

function look(path: string): Stats | string {
  try {
    return statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Below what is no folder, the folder above tells.
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'nothing' : (error as Error).message;
  }
}

function denied(path: string, mode: number): string | undefined {
  try {
    accessSync(path, mode);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
