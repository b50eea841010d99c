/**
 * Work that no cancellation from around it reaches: shielded, which the caller awaits, or detached, which is nobody's
 * here. The latter is for what outlives its first user, such as a pool or a cache that is made when it is first
 * needed.
 */
import { ambientClock, runWith } from './ambient.ts';
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

/**
 * Calls `fn` outside of any scope and task, and returns what it returns: no cancellation or deadline from here reaches
 * what it starts, and no group waits for it. Its clock and its other async contexts are those of the caller. Whoever
 * calls this ends the work, and handles its failure: give it a scope of its own.
 */
export function detached<R>(fn: () => R): R {
  return runWith<undefined, R>({ scope: undefined, clock: ambientClock() }, () => fn(), undefined);
}
