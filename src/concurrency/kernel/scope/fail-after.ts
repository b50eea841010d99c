/** Time limits whose passing is an error. */

import { TimeoutError } from '../errors/timeout-error.ts';
import type { CancelNode } from './cancel-node.ts';
import { CancelScope, type CancelScopeOptions } from './cancel-scope.ts';
import { scopeNode } from './scope-node.ts';

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
