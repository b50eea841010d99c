/**
 * The error of work that outlives its scope: a callback that waits after the scope it was made in
 * has ended, or a wait or group nobody awaited. It is a bug of the caller and not a cancellation,
 * so that no scope swallows it.
 */

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
