/**
 * The two ends of a FIFO without a name.
 */
import { closeSync, constants, existsSync, openSync } from 'node:fs';

export interface Fifo {
  /** Does not block. */
  readonly readFd: number;
  /** Blocks, as a program expects of its output. */
  readonly writeFd: number;
}

/** One that waits to be used: where its other end can be opened later, it holds one descriptor instead of two. */
export interface IdleFifo {
  readonly readFd: number;
  readonly writeFd: number | undefined;
}

const canReopen = existsSync('/proc/self/fd');

/** Opens a FIFO by its name. Throws what the system says. */
export function openFifo(path: string): IdleFifo {
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (canReopen) return { readFd, writeFd: undefined };
  try {
    return { readFd, writeFd: openSync(path, constants.O_WRONLY) };
  } catch (error) {
    closeSync(readFd);
    throw error;
  }
}

/** Opens the other end; undefined if no descriptor is left for it. */
export function connectFifo({ readFd, writeFd }: IdleFifo): Fifo | undefined {
  if (writeFd !== undefined) return { readFd, writeFd };
  try {
    return { readFd, writeFd: openSync(`/proc/self/fd/${readFd}`, constants.O_WRONLY) };
  } catch {
    return undefined;
  }
}

export function closeFifo({ readFd, writeFd }: IdleFifo): void {
  closeSync(readFd);
  if (writeFd !== undefined) closeSync(writeFd);
}
