/** A timer for a time that does not come, and the check of every time a caller hands in. */
import type { ClockTimer } from './clock.ts';

/** What `Clock.at(Infinity, …)` returns. */
export const neverTimer: ClockTimer = { cancel: () => undefined };

/** Returns `timeMs`, or throws a `RangeError` naming `what` if it is not a number. */
export function checkTime(timeMs: number, what: string): number {
  if (typeof timeMs !== 'number' || Number.isNaN(timeMs)) {
    throw new RangeError(`Cannot use ${String(timeMs)} as ${what}: give a number of milliseconds`);
  }
  return timeMs;
}
