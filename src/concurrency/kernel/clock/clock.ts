/**
 * The port through which time enters: the kernel reads no other clock and sets no other timer. Implemented by
 * `systemClock`, `VirtualClock` and `ManualClock`; made ambient by `withClock`. What stands beside the port is the
 * same in each of them, and measures nothing.
 */
import { checkTime } from '../checks.ts';

/** A timer that has been set. */
export interface ClockTimer {
  /** Forgets the timer; does nothing once it has fired. */
  cancel(): void;
}

/** An interest in stalls that somebody has. */
export interface StallWatch {
  /** Looks whether one has just ended, and tells it if so: for who has found a time passed and is to act on it. */
  notice(): void;
  /** Ends the interest; harmless when repeated. */
  end(): void;
}

/** A monotonic clock in milliseconds from an origin of its own. */
export interface Clock {
  /** The time, in ms; it never goes back. */
  now(): number;
  /**
   * Calls `fn` once `now()` has reached `timeMs`, in ms, always in a later turn of the event loop, never
   * early. Timers of one time fire in the order in which they were set; `Infinity` never fires.
   */
  at(timeMs: number, fn: () => void): ClockTimer;
  /**
   * Tells of stalls: time in which the clock could not call anybody, since the process was stopped, the machine stood
   * still, or the loop was starved. `listener` gets the milliseconds lost, never more than have really passed, before
   * anything fires that became due meanwhile. Missing: this clock knows of none.
   */
  watchStalls?(listener: (lostMs: number) => void): StallWatch;
}

/** What `Clock.at(Infinity, …)` returns. */
export const neverTimer: ClockTimer = { cancel: () => undefined };

/** Whether a timer for that time never fires; throws a `RangeError` if it is not a number. */
export function isNever(timeMs: number): boolean {
  return checkTime(timeMs, 'the time of a timer') === Number.POSITIVE_INFINITY;
}

type Listener = (lostMs: number) => void;

/** The listeners of one clock. */
export class StallWatchers {
  readonly #entries = new Set<{ readonly listener: Listener }>();

  get count(): number {
    return this.#entries.size;
  }

  /** Returns what forgets the listener, and says whether it was there. */
  add(listener: Listener): () => boolean {
    const entry = { listener };
    this.#entries.add(entry);
    return () => this.#entries.delete(entry);
  }

  /** Tells those who are there now. */
  tell(lostMs: number): void {
    for (const entry of [...this.#entries]) if (this.#entries.has(entry)) entry.listener(lostMs);
  }
}
