/** Keeping the cancellations of the surroundings out of a block. */
import { CancelNode } from './cancel-node.ts';
import { runInside } from './run-inside.ts';

/**
 * Runs `fn` to its end whatever happens to the scopes around it, and resolves with its value, or rejects with its
 * error. A cancellation from outside acts at the next wait after it. It has no limit of its own: put a `moveOnAfter` or
 * `failAfter` inside.
 */
export function shield<T>(fn: () => Promise<T> | T): Promise<T> {
  return runInside(new CancelNode('shield', { shield: true }), fn, undefined) as Promise<T>;
}
