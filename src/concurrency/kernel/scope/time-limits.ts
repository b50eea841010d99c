/**
 * How long a block may take: limits whose passing is an error, limits whose passing only ends the block, and the time
 * that all limits around it leave to the code inside.
 */
import { TimeoutError } from '../errors/own-errors.ts';
import { ambient } from './ambient.ts';
import type { CancelNode } from './cancel-node.ts';
import { CancelScope, type CancelScopeOptions, scopeNode } from './cancel-scope.ts';

type Block<T> = (scope: CancelScope) => Promise<T> | T;

/**
 * Runs `fn` for at most `ms` milliseconds and resolves with its value. Rejects with a `TimeoutError` if the deadline
 * cut it; an error of the block leaves instead, and so does a cancellation from outside. A block that overran without
 * waiting has not timed out. Cancelled by hand before the deadline, it resolves with undefined. Zero and less cut the
 * first wait; NaN rejects with a `RangeError`.
 */
export async function failAfter<T>(ms: number, fn: Block<T>): Promise<T | undefined> {
  return runOrFail({ timeoutMs: ms, name: 'failAfter' }, fn, () => `Timed out after ${ms} ms`);
}

/** Like `failAfter`, until a time of the ambient clock in ms, as `now` gives it. */
export async function failAt<T>(timeMs: number, fn: Block<T>): Promise<T | undefined> {
  return runOrFail({ deadline: timeMs, name: 'failAt' }, fn, () => `Timed out at ${timeMs} ms of the clock`);
}

async function runOrFail<T>(
  options: CancelScopeOptions,
  fn: Block<T>,
  sentence: () => string,
): Promise<T | undefined> {
  const node = scopeNode(options);
  const value = await new CancelScope(options, node).run(fn);
  if (timedOut(node)) throw new TimeoutError(sentence());
  return value;
}

function timedOut(node: CancelNode): boolean {
  return node.caught && node.cancelled?.source === 'deadline';
}

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

/**
 * The earliest deadline of the scopes around the caller up to the nearest shield, in ms of the
 * clock: `Infinity` if there is none, `-Infinity` if one has passed or the scope is cancelled.
 */
export function effectiveDeadline(): number {
  const scope = ambient()?.scope;
  if (scope?.effective() !== undefined) return Number.NEGATIVE_INFINITY;
  return earliestDeadline(scope);
}

function earliestDeadline(scope: CancelNode | undefined): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (let node = scope; node !== undefined; node = node.visibleParent) {
    earliest = Math.min(earliest, node.deadline, earliestDeadline(node.visibleCaller));
  }
  return earliest;
}
