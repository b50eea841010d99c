/** Time limits whose passing is no error: the block ends, and what follows runs. */
import { CancelScope } from './cancel-scope.ts';

type Block<T> = (scope: CancelScope) => Promise<T> | T;

/**
 * Runs `fn` for at most `ms` milliseconds; resolves with its value, undefined if it was cut. Errors of the block leave
 * as they are, and so does a cancellation from outside. Zero and less cut the first wait; NaN rejects with a
 * `RangeError`.
 */
export async function moveOnAfter<T>(ms: number, fn: Block<T>): Promise<T | undefined> {
  return new CancelScope({ timeoutMs: ms, name: 'moveOnAfter' }).run(fn);
}

/** Like `moveOnAfter`, until a time of the ambient clock in ms, as `now` gives it. */
export async function moveOnAt<T>(timeMs: number, fn: Block<T>): Promise<T | undefined> {
  return new CancelScope({ deadline: timeMs, name: 'moveOnAt' }).run(fn);
}
