/**
 * Holds back what is read of services while a queue is more than half full: they wait in write(2) meanwhile.
 *
 * For a short while only, so that a reader that was merely late costs no line; or, with `forMs` infinite, until there is
 * room. It is over for good once services are to end: one that waits in write(2) can't clean up.
 */
import type { Ticker } from './ticker.ts';

export interface HoldOptions {
  /** How long the services may be kept waiting for one queue that is full. */
  readonly forMs: number;
  /** Stops the reading, or goes on with it. */
  readonly apply: (held: boolean) => void;
  readonly ticker: Ticker;
}

export interface Hold {
  /** The queue is more than half full, or three quarters free again. */
  onFull(full: boolean): void;
  /** Whoever writes is held for as long as it takes: only what can't be held needs room. */
  holds(): boolean;
  /** Holds nothing any more. Harmless when repeated. */
  release(): void;
}

/**
 * A reader that takes the half of a queue in that time (40 MB a second) loses nothing, and a service that waits for a
 * slower one hardly notices.
 */
export const READER_HOLD_MS = 100;

/** A service waits for the disk that its lines go to much as it would if it wrote to the file itself. */
export const DISK_HOLD_MS = 5_000;

export function createHold({ forMs, apply, ticker }: HoldOptions): Hold {
  let held = false;
  let released = false;
  let cancel = (): void => {};

  function set(next: boolean): void {
    cancel();
    if (next === held) return;
    held = next;
    apply(next);
  }

  return {
    onFull(full) {
      set(full && !released);
      if (held && Number.isFinite(forMs)) cancel = ticker.every(forMs, () => set(false));
    },
    holds: () => !released && forMs === Number.POSITIVE_INFINITY,
    release() {
      released = true;
      set(false);
    },
  };
}
