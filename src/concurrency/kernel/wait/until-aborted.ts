/** Waiting for a foreign `AbortSignal`, when its abort is news and not the caller's end. */
import { suspend, type WaitOptions } from './suspend.ts';

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
