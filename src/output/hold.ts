/**
 * Holds back what is read of services while a queue is more than half full: they wait in write(2) meanwhile.
 *
 * For a short while only, and on as long as the reader is fast enough: one that was merely late costs no line. Or, with
 * `forMs` infinite, until there is room. It is over for good once services are to end: one that waits in write(2) can't
 * clean up.
 */
import { QUEUE_CAP_BYTES } from './bounded-writer.ts';
import type { Ticker } from './ticker.ts';

export interface HoldOptions {
  /** How long the services may be kept waiting for a reader that doesn't get on. */
  readonly forMs: number;
  /** What waits in the queue; missing: how the reader gets on isn't looked at. */
  readonly pendingBytes?: (() => number) | undefined;
  /** Stops the reading, or goes on with it. */
  readonly apply: (held: boolean) => void;
  readonly ticker: Ticker;
}

export interface Hold {
  /** The queue is more than half full, or three quarters free again. */
  onFull(full: boolean): void;
  /** Services are held now: only what can't be held, since it is read already or the last of its instance, needs room. */
  holds(): boolean;
  /** Holds nothing any more. Harmless when repeated. */
  release(): void;
}

/**
 * A reader that takes less than 1 MiB in that time is slow. It can't be much less: on a machine where many wait for a
 * processor, each 64 KiB of a pipe take two turns of the scheduler.
 */
export const READER_HOLD_MS = 500;
const PROGRESS_BYTES = QUEUE_CAP_BYTES / 8;

/** A service waits for the disk that its lines go to much as it would if it wrote to the file itself. */
export const DISK_HOLD_MS = 5_000;

export function createHold({ forMs, pendingBytes, apply, ticker }: HoldOptions): Hold {
  let held = false;
  let released = false;
  let cancel = (): void => {};

  function set(next: boolean): void {
    cancel();
    if (next === held) return;
    held = next;
    apply(next);
  }

  function limit(): void {
    let leftBytes = pendingBytes?.() ?? 0;
    cancel = ticker.every(forMs, () => {
      const nowBytes = pendingBytes?.() ?? 0;
      if (leftBytes - nowBytes < PROGRESS_BYTES) set(false);
      leftBytes = nowBytes;
    });
  }

  return {
    onFull(full) {
      set(full && !released);
      if (held && Number.isFinite(forMs)) limit();
    },
    holds: () => held,
    release() {
      released = true;
      set(false);
    },
  };
}
