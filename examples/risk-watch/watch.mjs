/**
 * A strategy trades for as long as it is watched: by a watchdog on every feed and by a breaker on its drawdown, all in
 * one task group with the strategy itself. However that ends (a trip, several at once, a failure, Ctrl-C), the way out
 * leads through risk-off, once, and nothing that is cancelled meanwhile can interrupt it.
 */
import { breaker, shield, taskGroup, watched } from 'orderlyd/concurrency';
import { log } from './log.mjs';
import { riskOff } from './risk-off.mjs';

/** @typedef {{ name: string, ticks: AsyncIterable<import('./drawdown.mjs').Tick> }} Feed */

/**
 * Never resolves: rejects with the group error, first cause first and what failed in risk-off last, or with the
 * cancellation. By then the book is flat but for the hedges.
 *
 * @param {object} options
 * @param {() => Promise<unknown>} options.trade the strategy itself; the way out begins when what it waits for has heard
 * of the cancellation: a foreign promise it must `wait` for
 * @param {Feed[]} options.feeds
 * @param {number} options.staleMs how long a feed may say nothing
 * @param {import('./drawdown.mjs').Drawdown} options.drawdown is told every tick
 * @param {bigint} options.limit the drawdown that ends it, in ticks
 * @param {import('./exchange.mjs').Exchange} options.exchange
 * @param {ReadonlySet<string>} options.hedges the symbols that are kept
 * @returns {Promise<undefined>} it ends by throwing
 */
export async function tradeUnderWatch({ trade, feeds, staleMs, drawdown, limit, exchange, hedges }) {
  /** @type {AbortSignal | undefined} */
  let watching;
  try {
    return await taskGroup(
      (group) => {
        watching = group.scope.signal;
        for (const feed of feeds) group.startSoon(() => follow(feed, staleMs, drawdown), { name: feed.name });
        group.startSoon(trade);
        return breaker({ name: 'drawdown', limit, measure: () => drawdown.ticks, everyMs: 10 });
      },
      { name: 'risk watch' },
    );
  } catch (error) {
    log('risk-off', firstCause(watching?.reason));
    const failures = await shield(() => riskOff({ exchange, hedges }));
    if (failures.length === 0) throw error;
    throw new AggregateError([error, ...failures], `${messageOf(error)}; and risk-off is incomplete`);
  }
}

/** A feed that ends is no better than one that falls silent. */
async function follow(/** @type {Feed} */ { name, ticks }, /** @type {number} */ staleMs, drawdown) {
  for await (const tick of watched(ticks, { source: name, withinMs: staleMs })) drawdown.mark(tick);
  throw new Error(`The feed "${name}" has ended`);
}

/** The group's signal keeps what cancelled it first: one of its own tasks, or somebody outside. */
function firstCause(/** @type {import('orderlyd/concurrency').CancelledError} */ cancelled) {
  return messageOf(cancelled.source === 'failure' ? cancelled.reason : cancelled);
}

function messageOf(/** @type {unknown} */ error) {
  return error instanceof Error ? error.message : String(error);
}
