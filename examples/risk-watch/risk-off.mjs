/**
 * The way out of the market, in this order: resting orders are cancelled, it is confirmed that they are gone, and only
 * then is everything sold or bought back but the protective hedges: an order that fills after that would be a new
 * position. Each step has a limit of its own, and one that fails doesn't keep the next from being tried.
 */
import { failAfter, gather, sleep } from 'orderlyd/concurrency';
import { log } from './log.mjs';

/** @typedef {import('./exchange.mjs').Exchange} Exchange */
/** @typedef {{ exchange: Exchange, hedges: ReadonlySet<string> }} Account */

const PAUSE_MS = 20;

const steps = [
  { name: 'orders cancelled', limitMs: 500, run: cancelOrders },
  { name: 'cancellations confirmed', limitMs: 1000, run: confirmCancelled },
  { name: 'flattened', limitMs: 2000, run: flatten },
  { name: 'reported', limitMs: 500, run: report },
];

/** Takes all steps; resolves with what failed in them. To be run in a shield: half of it is worse than nothing. */
export async function riskOff(/** @type {Account} */ account) {
  /** @type {unknown[]} */
  const failures = [];
  for (const { name, limitMs, run } of steps) {
    try {
      await failAfter(limitMs, () => run(account));
      log(name);
    } catch (error) {
      log(`not ${name}`, String(error));
      failures.push(error);
    }
  }
  return failures;
}

/** Asks for every order that rests; a request that fails is repeated by the next step. */
async function cancelOrders(/** @type {Account} */ { exchange }) {
  const resting = (await exchange.orders()).filter(({ isLeaving }) => !isLeaving);
  const requests = resting.map(
    ({ id }) =>
      () =>
        exchange.cancel(id),
  );
  await gather(requests, { settle: true });
}

async function confirmCancelled(/** @type {Account} */ account) {
  while ((await account.exchange.orders()).length > 0) {
    await sleep(PAUSE_MS);
    await cancelOrders(account);
  }
}

/** Never repeats a trade without asking what is still held: one whose answer was lost may have been done. */
async function flatten(/** @type {Account} */ { exchange, hedges }) {
  for (;;) {
    const exposed = (await exchange.positions()).filter(({ symbol }) => !hedges.has(symbol));
    if (exposed.length === 0) return;
    const trades = exposed.map(opposite).map((trade) => () => exchange.trade(trade));
    await gather(trades, { settle: true });
    await sleep(PAUSE_MS);
  }
}

function opposite(/** @type {import('./exchange.mjs').Position} */ { symbol, quantity }) {
  return { symbol, quantity: -quantity };
}

async function report(/** @type {Account} */ { exchange }) {
  const held = (await exchange.positions()).map(({ symbol, quantity }) => `${quantity} ${symbol}`);
  log('still held', held.join(', ') || 'nothing');
}
