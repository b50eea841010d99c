/**
 * Time that passes inside a fake port, on the ambient clock: an abort ends it at once, and is no error.
 */
import { isCancelled, sleep } from '../../src/concurrency/index.ts';

/** True if it was not aborted. */
export async function passes(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  if (ms === 0) return true;
  try {
    await sleep(ms, { signal });
    return true;
  } catch (error) {
    if (!signal.aborted && !isCancelled(error)) throw error;
    return false;
  }
}
