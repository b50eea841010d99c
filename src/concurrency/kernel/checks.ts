/**
 * What every number that a caller hands in must be: it is given back if it makes sense, and refused with a
 * `RangeError` if it does not.
 */

/**
 * The value, if it is a whole number >= `min` or `Infinity`; throws a `RangeError` otherwise. `what` it was for, for
 * the message: `make a queue of size 0.5`.
 */
export function checkCount(value: number, min: number, what: string): number {
  if (value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && value >= min)) return value;
  throw new RangeError(`Cannot ${what}: give a whole number >= ${min}, or Infinity`);
}

/** Returns `priority`, or throws a `RangeError` if it is NaN; `what` it was for, for the message: `put`. */
export function checkPriority(priority: number, what: string): number {
  if (Number.isNaN(priority)) throw new RangeError(`Cannot ${what} with the priority NaN: give a number`);
  return priority;
}

/** Returns `timeMs`, or throws a `RangeError` naming `what` if it is not a number. */
export function checkTime(timeMs: number, what: string): number {
  if (typeof timeMs !== 'number' || Number.isNaN(timeMs)) {
    throw new RangeError(`Cannot use ${String(timeMs)} as ${what}: give a number of milliseconds`);
  }
  return timeMs;
}
