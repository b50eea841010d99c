/**
 * What can be set by environment variables, and what holds if it isn't.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { env } = process;
const budgetMs = Number(env.MARKET_BUDGET_MS ?? 3000);

export const settings = {
  symbols: Array.from({ length: Number(env.MARKET_SYMBOLS ?? 2000) }, (_, n) => `S${n}`),
  /** Each symbol is polled that often, as long as its turn comes. */
  everyMs: Number(env.MARKET_EVERY_MS ?? 50),
  /** How many requests are under way at once. */
  atOnce: Number(env.MARKET_AT_ONCE ?? 200),
  /** The limit of one request. */
  timeoutMs: Number(env.MARKET_TIMEOUT_MS ?? 30_000),
  /** From the signal to the end of the program. */
  budgetMs,
  /** The part of it that requests under way have to finish; the rest is for writing and closing. */
  finishMs: Number(env.MARKET_FINISH_MS ?? budgetMs / 2),
  /** The part of it that each of the two last clean-ups has, of the connections and of the exchange. */
  closeMs: 500,
  /** The pause between two lines of statistics. */
  statsMs: Number(env.MARKET_STATS_MS ?? 1000),
  path: env.MARKET_OUTPUT ?? join(tmpdir(), 'market-data.jsonl'),
};

/** The moods of the exchange: of each request it decides by chance, repeatable by its seed. */
export const moods = {
  seed: Number(env.MARKET_SEED ?? 1),
  /** An answer takes up to so long. */
  slowMs: Number(env.MARKET_SLOW_MS ?? 60),
  /** The share of requests that are answered with an error, cut off in the middle, never answered. */
  fail: Number(env.MARKET_FAIL ?? 0.02),
  cut: Number(env.MARKET_CUT ?? 0.005),
  hang: Number(env.MARKET_HANG ?? 0.0001),
};
