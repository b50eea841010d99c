/** The callback form of whatever is acquired and released: it is given back however the callback ends. */
import type { WaitOptions } from '../kernel/wait/suspend.ts';

interface Holdable {
  acquire(options?: WaitOptions): Promise<void>;
  release(): void;
}

/**
 * Acquires, runs `fn`, and releases however that ends; resolves with its value. Cancelled while it waits, `fn` never
 * runs.
 */
export async function runHolding<T>(
  what: Holdable,
  fn: () => Promise<T> | T,
  options: WaitOptions | undefined,
): Promise<T> {
  await what.acquire(options);
  try {
    return await fn();
  } finally {
    what.release();
  }
}
