/**
 * A strategy trades two futures against a protective put, under a risk watch. After about a second one of its feeds
 * falls silent: the watch trips, everything in it is cancelled, and the shielded way out runs in order: orders
 * cancelled, cancellations confirmed, positions closed but the hedge. Press Ctrl-C at any moment, as often as you like:
 * the way out is the same, and is run once.
 *
 *     node examples/risk-watch/main.mjs
 *
 * Ends with status 0 if the book is flat, and 1 if not.
 */
import { randomUUID } from 'node:crypto';
import { CancelScope, now, sleep } from 'orderlyd/concurrency';
import { Drawdown } from './drawdown.mjs';
import { Exchange } from './exchange.mjs';
import { ticks } from './feeds.mjs';
import { withLog } from './log.mjs';
import { tradeUnderWatch } from './watch.mjs';

const positions = { ES: 12n, NQ: -7n, 'ES-PUT': 10n };
const hedges = new Set(['ES-PUT']);
const exchange = new Exchange({ positions });

async function quote() {
  for (;;) {
    await exchange.place({ symbol: 'ES', quantity: 1n });
    await sleep(300);
  }
}

const startMs = now();
function write({ strategy, session, event, detail }) {
  const ms = String(Math.round(now() - startMs)).padStart(5);
  console.log(`${ms} ms  ${strategy}/${session}  ${event}${detail && `: ${detail}`}`);
}
// A reader who has gone must not end us halfway out of the market.
process.stdout.on('error', () => undefined);

const session = new CancelScope({ name: 'session' });
const interrupt = (/** @type {string} */ signal) => session.cancel(signal);
process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
try {
  await session.run(() =>
    withLog({ strategy: 'futures-pair', session: randomUUID().slice(0, 8), write }, () =>
      tradeUnderWatch({
        trade: quote,
        feeds: [
          { name: 'ES', ticks: ticks({ symbol: 'ES', from: 20_000n, everyMs: 40 }) },
          { name: 'NQ', ticks: ticks({ symbol: 'NQ', from: 70_000n, everyMs: 50, count: 20 }) },
        ],
        staleMs: 400,
        drawdown: new Drawdown(positions),
        limit: 500n,
        exchange,
        hedges,
      }),
    ),
  );
} catch (error) {
  if (!(error instanceof AggregateError)) throw error;
  console.log(`The session ended: ${error.message}`);
} finally {
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
}

const isFlat = exchange.book.every(({ symbol }) => hedges.has(symbol));
console.log(`${exchange.requests} requests; the book is ${isFlat ? 'flat but for the hedges' : 'NOT FLAT'}`);
process.exitCode = isFlat ? 0 : 1;
