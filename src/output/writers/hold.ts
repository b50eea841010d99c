/**
 * Backpressure: while a queue is more than half full, what services write is not read, and they wait in write(2).
 *
 * For a short while only, and on as long as the reader is fast enough: one that was merely late costs no line. Or, with
 * `forMs` infinite, until there is room. It is over for good once services are to end: one that waits in write(2) can't
 * clean up.
 */
import type { OrderlyEvent } from '../../events/event.ts';
import type { Ticker } from '../ticker.ts';
import { type BoundedWriter, QUEUE_CAP_BYTES } from './bounded-writer.ts';

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
  /**
   * Services are held now: only what can't be held, since it is read already or the last of its instance, needs room.
   */
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

/** Stops the reading of one service, or of all, or goes on with it. */
type HoldOutput = (held: boolean, service?: string) => void;

/** The holds of a run, one for what is printed and one for each log file; they end where the shutdown begins. */
export interface OutputHolds {
  /** For the queue of what is printed, which concerns all services. */
  forPrinting(pendingBytes: () => number): Hold;
  /** For the queue of a service's log file. */
  forFile(service: string): Hold;
  /** From now on holds take effect. */
  use(system: { readonly holdOutput: HoldOutput }): void;
  readonly onEvent: (event: OrderlyEvent) => void;
}

/** `patient`: services wait as long as it takes, and not just for a moment. */
export function createOutputHolds(patient: boolean, ticker: Ticker): OutputHolds {
  const holds: Hold[] = [];
  let holdOutput: HoldOutput = () => {};

  function add(shortMs: number, service?: string, pendingBytes?: () => number): Hold {
    const forMs = patient ? Number.POSITIVE_INFINITY : shortMs;
    const hold = createHold({ forMs, pendingBytes, apply: (held) => holdOutput(held, service), ticker });
    holds.push(hold);
    return hold;
  }

  return {
    forPrinting: (pendingBytes) => add(READER_HOLD_MS, undefined, pendingBytes),
    forFile: (service) => add(DISK_HOLD_MS, service),
    use(system) {
      holdOutput = system.holdOutput;
    },
    onEvent(event) {
      if (event.type === 'shutdown.requested') for (const hold of holds) hold.release();
    },
  };
}

/** Of the end of a run that nobody is in a hurry about, with a reader that was promised everything. */
export interface Patience {
  /** On the clock of `now`, in milliseconds. */
  readonly endMs: number;
  readonly now: () => number;
  /** Somebody wants the end now. */
  readonly hurried: () => boolean;
}

/** How soon the wish for the end is noticed. */
const LOOK_MS = 50;

/** Settles when everything is written, nobody reads any more, or patience is at its end. Never rejects. */
export async function awaitReader(writer: BoundedWriter, { endMs, now, hurried }: Patience): Promise<void> {
  while (writer.pendingBytes > 0 && !writer.closed && !hurried() && now() < endMs) {
    await writer.drained(Math.min(LOOK_MS, endMs - now()));
  }
}
