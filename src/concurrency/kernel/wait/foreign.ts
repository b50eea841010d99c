/**
 * Waiting for what knows nothing of scopes: a promise, or an `AbortSignal` whose abort is news and not the caller's
 * end. Cancellation ends the wait, not the work behind the promise, which goes on; whatever becomes of it later is
 * dropped without an unhandled rejection.
 */
import { refusal, suspend, Wait, type WaitOptions } from './suspend.ts';

/** Whether it may be a promise, of whatever making. */
export function isThenable<T>(value: T): value is T & PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

class PromiseWait<T> extends Wait<T> {
  #isDoomed = false;

  /**
   * A promise does not tell at once that it has settled. One that settled earlier in this turn has
   * its reaction in the queue before ours, and wins.
   */
  override interrupt(): void {
    if (this.#isDoomed) return;
    this.#isDoomed = true;
    queueMicrotask(() => super.interrupt());
  }
}

/**
 * Resolves or rejects like `promise`, unless the scope is cancelled or `signal` aborts first: that ends the wait, not
 * the work behind the promise, whose later end is dropped without an unhandled rejection. A thenable counts as a
 * promise.
 */
export function wait<T>(promise: PromiseLike<T>, options?: WaitOptions): Promise<T> {
  const adopted = Promise.resolve(promise);
  const refused = refusal(options);
  if (refused !== undefined) {
    adopted.catch(() => undefined);
    return refused;
  }
  const waiting = new PromiseWait<T>('wait', options?.signal);
  adopted.then(
    (value) => waiting.fulfil(value),
    (error: unknown) => waiting.fail(error),
  );
  return waiting.promise;
}

/**
 * Resolves with the reason of `signal` once it aborts, at once if it has. Cancelled, or aborted by the `signal` of
 * `options`, it rejects as every wait does; however it ends, it leaves no listener on either.
 */
export function untilAborted(signal: AbortSignal, options?: WaitOptions): Promise<unknown> {
  return suspend<unknown>(
    'abort',
    (wait) => {
      const onAbort = (): void => wait.fulfil(signal.reason);
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      wait.giveUp = () => signal.removeEventListener('abort', onAbort);
    },
    options,
  );
}
