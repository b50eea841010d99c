/**
 * Who is alive, looked up once for everyone who asks at the same time: a hundred services that end together share
 * a look.
 *
 * It never looks unless asked, and keeps one descriptor in reserve so that it can look when there are no more.
 */
import { closeSync, openSync } from 'node:fs';
import { createSnapshot, type ProcessSnapshot } from '../members/snapshot.ts';
import type { Attribution } from './attribution.ts';
import { createProcessLook } from './look.ts';

export interface ProcessTable {
  /** Names a child of ours that leads its own session: until `release` it is taken as alive, unseen. */
  adopt(pid: number): void;
  release(pid: number): void;
  /** What is alive in this turn of the loop, or what was at the last look if none is possible. Never throws. */
  now(): ProcessSnapshot;
  /** A look that begins after this call; again, for half a second at most, while it was not whole. Never rejects. */
  next(): Promise<ProcessSnapshot>;
  /** Gives the reserve back; looks are possible still. */
  dispose(): void;
}

const RETRY_MS = 10;
const MOST_LOOKS = 50;

/** Undefined where there is no `/proc` to look at. */
export function createProcessTable(attribution: Attribution): ProcessTable | undefined {
  const leaders = new Set<number>();
  const look = createProcessLook(attribution, leaders);
  if (look === undefined) return undefined;
  const spare = createSpareDescriptor();
  let last = createSnapshot([]);
  let current: ProcessSnapshot | undefined;
  let pending: Promise<ProcessSnapshot> | undefined;

  const tryToLook = (): ProcessSnapshot | undefined => {
    try {
      last = spare.lend(look);
    } catch (error) {
      // The system is out of descriptors or memory: that says nothing about who is alive.
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return undefined;
    }
    current = last;
    setImmediate(() => {
      current = undefined;
    });
    return last;
  };

  return {
    adopt: (pid) => void leaders.add(pid),
    release: (pid) => void leaders.delete(pid),
    now: () => current ?? tryToLook() ?? last,
    next() {
      pending ??= new Promise((resolve) => {
        let looks = 0;
        const attempt = (): void => {
          const snapshot = tryToLook();
          if (snapshot !== undefined) looks += 1;
          if (snapshot === undefined || (!snapshot.isWhole && looks < MOST_LOOKS)) {
            setTimeout(attempt, RETRY_MS);
            return;
          }
          pending = undefined;
          resolve(snapshot);
        };
        setImmediate(attempt);
      });
      return pending;
    },
    dispose: () => spare.dispose(),
  };
}

/** One file descriptor held back for work that must be possible when all others are taken. */
interface SpareDescriptor {
  /** Does the work with one descriptor free. The work must be synchronous and give back what it opened. */
  lend<Result>(work: () => Result): Result;
  dispose(): void;
}

function createSpareDescriptor(): SpareDescriptor {
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
