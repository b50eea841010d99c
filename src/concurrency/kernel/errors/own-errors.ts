/**
 * The errors that the kernel throws by itself. Only a `CancelledError` is absorbed by scopes: it is made once per
 * cancellation and shared by all the waits that see it, like the reason of an `AbortSignal`; its stack shows where it
 * was asked for. Which scope absorbs it is decided by the scopes, not by the error.
 */
import { isA, messageOf, partOf } from './thrown.ts';

/**
 * What made a scope end: a `cancel()`, its deadline, a failing task of its group, or the foreign
 * `AbortSignal` it was made from.
 */
export type CancelSource = 'call' | 'deadline' | 'failure' | 'signal';

/**
 * Thrown by every wait in a cancelled scope. Let it pass: the scope that asked absorbs it. Who must act on it, acts in
 * `finally`, or throws it again.
 */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  /** What cancelled the scope. */
  readonly source: CancelSource;
  /** The text given to `cancel`, the failing task's error, or the foreign signal's reason. */
  readonly reason: unknown;
  /** The name of the cancelled scope. */
  readonly scopeName: string;

  constructor(source: CancelSource, reason: unknown, scopeName: string) {
    super(describe(source, reason, scopeName));
    this.source = source;
    this.reason = reason;
    this.scopeName = scopeName;
  }
}

function describe(source: CancelSource, reason: unknown, scopeName: string): string {
  const because = reason === undefined ? '' : `: ${messageOf(reason)}`;
  switch (source) {
    case 'call':
      return `Cancelled "${scopeName}"${because}`;
    case 'deadline':
      return `Cancelled "${scopeName}": its deadline passed`;
    case 'failure':
      return `Cancelled "${scopeName}", because one of its tasks failed${because}`;
    case 'signal':
      return `Cancelled "${scopeName}", because its signal aborted${because}`;
  }
}

/** No honest chain of causes is longer; a cyclic one ends here. */
const longestCauseChain = 100;

/**
 * Whether `error` is a cancellation: a `CancelledError`, or an `AbortError` (what platform calls throw for a scope's
 * signal) whose chain of causes leads to one. False for an `AggregateError`: see `splitCancellation`.
 */
export function isCancelled(error: unknown): boolean {
  if (isA(error, CancelledError)) return true;
  if (!isA(error, Error) || partOf(error, 'name') !== 'AbortError') return false;
  let cause = partOf(error, 'cause');
  for (let depth = 0; depth < longestCauseChain && isA(cause, Error); depth++) {
    if (isA(cause, CancelledError)) return true;
    cause = partOf(cause, 'cause');
  }
  return false;
}

/**
 * Rejects a wait whose scope has ended: one begun by a callback that outlives its scope, or one that nobody awaited. It
 * is a bug of the caller and no cancellation: no scope absorbs it. The message names the scope.
 */
export class ScopeEndedError extends Error {
  override readonly name = 'ScopeEndedError';

  constructor(scopeName: string) {
    super(
      `Cannot wait in "${scopeName}": it has ended. Await all work before the function of a scope returns`,
    );
  }
}

/**
 * Thrown by `failAfter` and `failAt` when their deadline passed and cut their block, and by all that has a time limit
 * of its own: clean-ups, breakers, managed tasks.
 */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}
