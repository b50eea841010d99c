/** What every number of places, slots and permits must be. */

/**
 * The value, if it is a whole number >= `min` or `Infinity`; throws a `RangeError` otherwise. `what` it was for, for the
 * message: `make a queue of size 0.5`.
 */
export function checkCount(value: number, min: number, what: string): number {
  if (value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && value >= min)) return value;
  throw new RangeError(`Cannot ${what}: give a whole number >= ${min}, or Infinity`);
}
