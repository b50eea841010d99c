/**
 * The port through which time enters: the kernel reads no other clock and sets no other timer.
 * Implemented by `systemClock` and `VirtualClock`; made ambient by `withClock`.
 */

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
