/**
 * Files that commands write beside those of people: nothing that is there is changed, and what can't be done is a sentence.
 */
import type { ClientWorld } from './client-world.ts';

/** A file can't be read or written: a sentence. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** Throws a `FileError`. */
export function write(how: ClientWorld['createFile'], path: string, text: string): void {
  try {
    how(path, text);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new FileError(`Cannot write "${path}": ${code === 'EEXIST' ? 'it is there already' : message}`);
  }
}
