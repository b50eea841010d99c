/** Ticks for a demonstration. */
import { sleep, sleepForever } from 'orderlyd/concurrency';

/**
 * A price that wanders around `from`. After `count` ticks it falls silent, as a feed does whose connection stays open.
 *
 * @param {{ symbol: string, from: bigint, everyMs: number, count?: number }} options
 * @returns {AsyncGenerator<import('./drawdown.mjs').Tick>}
 */
export async function* ticks({ symbol, from, everyMs, count = Number.POSITIVE_INFINITY }) {
  for (let n = 0; n < count; n++) {
    await sleep(everyMs);
    yield { symbol, price: from + BigInt(n % 5) };
  }
  await sleepForever();
}
