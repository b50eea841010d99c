/**
 * Texts that nobody can guess, from the randomness of the kernel.
 *
 * Read as a file: to load the cryptography of Node for it takes longer than to make ready for a run.
 */
import { closeSync, openSync, readSync } from 'node:fs';

/** So many bytes of chance, in hexadecimal. */
export function randomText(bytes: number): string {
  const buffer = Buffer.alloc(bytes);
  if (!fillFromKernel(buffer)) globalThis.crypto.getRandomValues(buffer);
  return buffer.toString('hex');
}

function fillFromKernel(buffer: Buffer): boolean {
  try {
    const fd = openSync('/dev/urandom', 'r');
    try {
      return readSync(fd, buffer) === buffer.length;
    } finally {
      closeSync(fd);
    }
  } catch {
    // A root folder without devices.
    return false;
  }
}
