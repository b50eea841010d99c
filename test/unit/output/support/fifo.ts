/** A real pipe with both ends in this process: what nobody reads stays in it. */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Fifo {
  readonly readFd: number;
  readonly writeFd: number;
}

/** The caller owns both ends. */
export function createFifo(): Fifo {
  const dir = mkdtempSync(join(tmpdir(), 'orderly-fifo-'));
  const path = join(dir, 'pipe');
  const made = spawnSync('mkfifo', [path]);
  if (made.status !== 0) throw new Error(`mkfifo failed: ${made.stderr}`);
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeFd = openSync(path, constants.O_WRONLY);
  rmSync(dir, { recursive: true });
  return { readFd, writeFd };
}

export function closeQuietly(fd: number): void {
  try {
    closeSync(fd);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EBADF') throw error;
  }
}
