/**
 * Reads a file that a person wrote, whole. Pipes are read to their end; what has none, or is larger than any
 * configuration, is refused before it takes all memory.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

const MOST_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/**
 * Throws as `fs.readFileSync` does; for one that is too large with its code for that. `only`: what is no regular file is
 * refused, and never waited for: a pipe that nobody writes to would hold the whole program.
 */
export function readWholeFile(path: string, only?: 'regular'): Buffer {
  const fd = openSync(path, only === undefined ? 'r' : constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile() && !stats.isDirectory()) {
      if (only !== undefined) throw Object.assign(new Error('not a regular file'), { code: 'NOT_REGULAR' });
      return readStream(fd);
    }
    if (stats.size > MOST_BYTES) throw tooLarge();
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

function readStream(fd: number): Buffer {
  const chunks: Buffer[] = [];
  for (let size = 0; ; ) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const count = readSync(fd, chunk);
    if (count === 0) return Buffer.concat(chunks);
    size += count;
    if (size > MOST_BYTES) throw tooLarge();
    chunks.push(chunk.subarray(0, count));
  }
}

function tooLarge(): Error {
  return Object.assign(new Error('larger than 64 MiB'), { code: 'ERR_FS_FILE_TOO_LARGE' });
}
