/**
 * Waiting for time to pass, on the ambient clock. A sleep that was cancelled holds no timer.
 */
import { ambientClock } from '../scope/ambient.ts';
import { suspend, type WaitOptions } from './suspend.ts';

/**
 * Resolves `ms` milliseconds from now; zero and less are a `checkpoint`, `Infinity` never ends. When cancelled, it
 * holds no timer. Rejects with a `RangeError` for NaN.
 */
export function sleep(ms: number, options?: WaitOptions): Promise<void> {
  if (Number.isNaN(ms)) return Promise.reject(new RangeError('Cannot sleep for NaN ms: give a number'));
  const clock = ambientClock();
  const endMs = clock.now() + Math.max(ms, 0);
  return suspend<void>(
    `sleep ${ms} ms`,
    (wait) => {
      const timer = clock.at(endMs, () => wait.fulfil());
      wait.giveUp = () => timer.cancel();
    },
    options,
  );
}

/** Waits until it is cancelled; it never resolves. It holds no timer: a process with nothing else to do exits. */
export function sleepForever(options?: WaitOptions): Promise<never> {
  return suspend<never>('sleep forever', () => undefined, options);
}

/**
 * Rejects if the scope is cancelled; otherwise lets everything run that is ready, then resolves. For work that does not
 * wait by itself.
 */
export function checkpoint(options?: WaitOptions): Promise<void> {
  return sleep(0, options);
}
