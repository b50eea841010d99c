/** The error of work that had a time limit and did not keep it. */

/**
 * Thrown by `failAfter` and `failAt` when their deadline passed and cut their block, and by all that has a time limit
 * of its own: clean-ups, breakers, managed tasks.
 */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}
