/**
 * Work that belongs to nobody here: begun now, outside of the scopes around it. For what outlives its first user, such as
 * a pool or a cache that is made when it is first needed. Whoever begins it owns its end.
 */
import { ambientClock, runWith } from './ambient.ts';

/**
 * Calls `fn` outside of any scope and task, and returns what it returns: no cancellation or deadline from here reaches
 * what it starts, and no group waits for it. Its clock and its other async contexts are those of the caller. Whoever
 * calls this ends the work, and handles its failure: give it a scope of its own.
 */
export function detached<R>(fn: () => R): R {
  return runWith<undefined, R>({ scope: undefined, clock: ambientClock() }, () => fn(), undefined);
}
