/**
 * One file descriptor held back for work that must be possible when all others are taken.
 */
import { closeSync, openSync } from 'node:fs';

export interface SpareDescriptor {
  /** Does the work with one descriptor free. The work must be synchronous and give back what it opened. */
  lend<Result>(work: () => Result): Result;
  dispose(): void;
}

export function createSpareDescriptor(): SpareDescriptor {
  let disposed = false;
  let descriptor = open();
  const release = (): void => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  return {
    lend(work) {
      release();
      try {
        return work();
      } finally {
        if (!disposed) descriptor = open();
      }
    },
    dispose() {
      disposed = true;
      release();
    },
  };
}

function open(): number | undefined {
  try {
    return openSync('/dev/null', 'r');
  } catch {
    // There is none to be had now; the next work tries again.
    return undefined;
  }
}
