/**
 * Doing something again until it succeeds, with growing pauses. It knows how much time its surroundings leave: it does
 * not sleep into a deadline and lose the error that would explain it.
 */
import { isCancelled } from '../kernel/errors/own-errors.ts';
import { now } from '../kernel/scope/ambient.ts';
import { effectiveDeadline } from '../kernel/scope/time-limits.ts';
import { sleep } from '../kernel/wait/sleep.ts';

/** How often something is tried, and how long the pauses are; times are in ms. */
export interface RetryOptions {
  /** How often it is tried in all; 3 by default, `Infinity` for no limit. */
  readonly attempts?: number | undefined;
  /** The pause after the first attempt in ms, doubled with each further one; 100 by default. */
  readonly delayMs?: number | undefined;
  /** The longest pause in ms, before jitter; 30,000 by default. */
  readonly maxDelayMs?: number | undefined;
  /** Up to this share is added to each pause at random, from 0 (the default) to 1. */
  readonly jitter?: number | undefined;
  /** Whether to go on after that error of that attempt; by default always. */
  readonly retryOn?: ((error: unknown, attempt: number) => boolean) | undefined;
  /** Gives what jitter is made of, in [0, 1); `Math.random` by default. */
  readonly random?: (() => number) | undefined;
}

/**
 * Calls `fn` with the number of the attempt, from 1, until it succeeds, and resolves with its value. Rejects with the
 * last error as it is: after the last attempt, when `retryOn` declines, and when the next pause would not end before
 * the effective deadline. A cancellation is never retried, and ends a pause. The pause after attempt n is
 * `min(maxDelayMs, delayMs * 2^(n-1)) * (1 + jitter * random)` ms. Rejects with a `RangeError` for less than one
 * attempt.
 */
export async function retry<T>(
  fn: (attempt: number) => Promise<T> | T,
  options: RetryOptions = {},
): Promise<T> {
  const { attempts = 3, retryOn = () => true } = options;
  if (!(attempts >= 1)) throw new RangeError(`Cannot try ${attempts} times: give a number >= 1`);
  for (let attempt = 1; ; attempt++) {
    try {
      return await fn(attempt);
    } catch (error) {
      if (isCancelled(error) || attempt >= attempts || !retryOn(error, attempt)) throw error;
      const pauseMs = pauseAfter(attempt, options);
      if (now() + pauseMs >= effectiveDeadline()) throw error;
      await sleep(pauseMs);
    }
  }
}

function pauseAfter(attempt: number, options: RetryOptions): number {
  const { delayMs = 100, maxDelayMs = 30_000, jitter = 0, random = Math.random } = options;
  return Math.min(maxDelayMs, delayMs * 2 ** (attempt - 1)) * (1 + jitter * random());
}
