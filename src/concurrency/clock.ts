/**
 * The port through which time enters: the kernel reads no other clock and sets no other timer.
 * Implemented by `systemClock` and `VirtualClock`; made ambient by `withClock`.
 */

/** A timer that has been set. */
export interface ClockTimer {
  /** Forgets the timer; does nothing once it has fired. */
  cancel(): void;
}

/** A monotonic clock in milliseconds from an origin of its own. */
export interface Clock {
  now(): number;
  /**
   * Calls `fn` once `now()` has reached `timeMs`, always in a later turn of the event loop, never
   * early. Timers of one time fire in the order in which they were set; `Infinity` never fires.
   */
  at(timeMs: number, fn: () => void): ClockTimer;
}
