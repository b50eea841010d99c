/** The check of every priority that a caller hands in. */

/** Returns `priority`, or throws a `RangeError` if it is NaN; `what` it was for, for the message: `put`. */
export function checkPriority(priority: number, what: string): number {
  if (Number.isNaN(priority)) throw new RangeError(`Cannot ${what} with the priority NaN: give a number`);
  return priority;
}
