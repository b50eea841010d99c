/**
 * Prices of 2,000 symbols, each polled every 50 ms over HTTP from an exchange that is slow, fails and sometimes never
 * answers, with at most 200 requests at once:
 *
 *     node examples/market-data/main.mjs          # Ctrl-C or SIGTERM at any moment; it then has 3 s to live
 *
 * Told to stop, it takes no new work, lets the requests under way finish inside its limit, cancels the rest, and every
 * price that it has received is in the file: one JSON line each. Its last lines are an account that adds up. It ends
 * with status 1 if its time was over before that, or a connection is left open. `settings.mjs` says what can be set.
 */
import { CancelScope, CleanupStack, now } from 'orderlyd/concurrency';
import { account, statistics } from './account.mjs';
import { collect } from './collect.mjs';
import { Exchange } from './exchange-process.mjs';
import { QuoteClient } from './quote-client.mjs';
import { ResultFile } from './result-file.mjs';
import { settings } from './settings.mjs';

const { budgetMs, finishMs, closeMs, path, symbols } = settings;
const stop = new CancelScope({ name: 'polling' });
const life = new CancelScope({ name: 'life' });
let stoppedMs = Number.NaN;

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (stop.cancelCalled) return;
    stoppedMs = now();
    life.deadline = stoppedMs + budgetMs - 2 * closeMs;
    stop.cancel(signal);
    console.log(`${signal}: no new polls; requests under way have ${finishMs} ms to finish`);
  });
}

const end = await life.run(() =>
  CleanupStack.run(async (stack) => {
    const exchange = await stack.enter(
      () => new Exchange(),
      (exchange) => exchange.end(),
      { limitMs: closeMs },
    );
    const port = await exchange.port();
    const client = await stack.enter(
      () => new QuoteClient(port),
      (client) => client.close(),
      { limitMs: closeMs },
    );
    const polls = await ResultFile.run(path, async (results) => {
      console.log(`polling ${symbols.length} symbols on port ${port}, into ${path}`);
      const report = await collect({
        ...settings,
        stop,
        ask: (symbol, signal) => client.ask(symbol, signal),
        keep: (quote) => results.put(quote),
        onSample: (sample) => console.log(statistics(sample)),
      });
      return { report, results };
    });
    await client.close();
    // A group that was cancelled has no value; this one never is.
    if (polls === undefined) throw new Error('the polls were cut short');
    return { ...polls, exchange: await exchange.report(), sockets: client.sockets };
  }),
);

if (end === undefined) {
  console.error(`not done within ${budgetMs} ms`);
  process.exitCode = 1;
} else {
  const { lines, isClean } = account(end, path);
  console.log(lines.join('\n'));
  console.log(`stopped in ${Math.round(now() - stoppedMs)} ms of ${budgetMs}`);
  if (!isClean) process.exitCode = 1;
}
