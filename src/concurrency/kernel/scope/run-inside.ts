/**
 * Runs a function inside a scope: enter, run, leave, and absorb what the scope itself asked for.
 * Leaving is not a wait. Of several scopes that asked, the outermost absorbs.
 */
import { systemClock } from '../clock/system-clock.ts';
import { isCancelled } from '../errors/own-errors.ts';
import { withoutCancellations } from '../errors/split-errors.ts';
import { errorsOf } from '../errors/thrown.ts';
import { ambient, runWith } from './ambient.ts';
import type { CancelNode } from './cancel-node.ts';

/** An error, in a box: what is thrown may be anything, undefined included. */
export interface Thrown {
  readonly error: unknown;
}

/**
 * Runs `fn(argument)` in `node`, which has at most `timeoutMs` from now; undefined if the node's own
 * cancellation ended it.
 */
export async function runInside<A, T>(
  node: CancelNode,
  fn: (argument: A) => Promise<T> | T,
  argument: A,
  timeoutMs = Number.POSITIVE_INFINITY,
): Promise<T | undefined> {
  const outer = ambient();
  const clock = outer?.clock ?? systemClock;
  if (timeoutMs !== Number.POSITIVE_INFINITY)
    node.deadline = Math.min(node.deadline, clock.now() + timeoutMs);
  node.enter(outer?.scope, clock);
  let value: T;
  try {
    value = await runWith({ scope: node, clock }, fn, argument);
  } catch (error) {
    const thrown = leaveWith(node, error);
    if (thrown !== undefined) throw thrown.error;
    return undefined;
  }
  node.leave();
  return value;
}

/** Leaves `node` with an error; returns what of it goes on, undefined if all was absorbed. */
export function leaveWith(node: CancelNode, error: unknown): Thrown | undefined {
  if (!node.leave()) return { error };
  const rest = withoutCancellation(error);
  if (rest === undefined || rest.error !== error) node.caught = true;
  return rest;
}

/** What of `error` is not cancellation: itself, a smaller group error, or nothing. */
export function withoutCancellation(error: unknown): Thrown | undefined {
  if (errorsOf(error) === undefined) return isCancelled(error) ? undefined : { error };
  const [cancelled, rest] = withoutCancellations(error as AggregateError);
  if (cancelled === undefined) return { error };
  return rest === undefined ? undefined : { error: rest };
}
