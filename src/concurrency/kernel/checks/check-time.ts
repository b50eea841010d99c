/** The check of every time that a caller hands in. */

/** Returns `timeMs`, or throws a `RangeError` naming `what` if it is not a number. */
export function checkTime(timeMs: number, what: string): number {
  if (typeof timeMs !== 'number' || Number.isNaN(timeMs)) {
    throw new RangeError(`Cannot use ${String(timeMs)} as ${what}: give a number of milliseconds`);
  }
  return timeMs;
}
