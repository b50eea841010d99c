/**
 * Polls every symbol at its pace, with so many requests at once, until it is told to stop; then ends in order: polls
 * in line are dropped, requests under way may finish inside a limit, the rest is cancelled. A quote that was received
 * is kept, whatever is cancelled by then, and its poll counts as completed; no other one does.
 */
import {
  LifecycleMonitor,
  moveOnAfter,
  now,
  shield,
  sleep,
  TaskManager,
  TaskRegistry,
  taskGroup,
} from 'orderlyd/concurrency';

/**
 * @template Quote
 * @typedef {object} Collection
 * @property {readonly string[]} symbols
 * @property {number} everyMs between two polls of a symbol
 * @property {number} atOnce how many requests are under way at most
 * @property {number} timeoutMs of one request
 * @property {number} finishMs how long requests under way have to finish once it is stopped
 * @property {number} [statsMs] between two samples; 1,000 by default
 * @property {import('orderlyd/concurrency').CancelScope} stop ends the polling when it is cancelled
 * @property {(symbol: string, signal: AbortSignal) => Promise<Quote>} ask
 * @property {(quote: Quote) => Promise<void>} keep
 * @property {(sample: import('orderlyd/concurrency').Sample) => void} [onSample]
 */

/**
 * @template Quote
 * @param {Collection<Quote>} collection
 */
export function collect({
  symbols,
  everyMs,
  atOnce,
  timeoutMs,
  finishMs,
  statsMs = 1000,
  stop,
  ask,
  keep,
  onSample = () => undefined,
}) {
  /** @type {(symbol: string, signal: AbortSignal) => Promise<void>} */
  const poll = async (symbol, signal) => {
    const quote = await ask(symbol, signal);
    await shield(() => keep(quote));
  };
  const ticks = { missed: 0 };
  return TaskManager.run({ maxConcurrency: atOnce, timeoutMs, keep: symbols.length }, async (manager) => {
    const monitor = new LifecycleMonitor(manager, { everyMs: statsMs, onSample });
    await stop.run(() =>
      taskGroup((group) => {
        group.startSoon(() => monitor.run(), { name: 'monitor' });
        for (const symbol of symbols)
          group.startSoon(() => pollForEver(manager, symbol, everyMs, poll, ticks), { name: symbol });
      }),
    );
    const dropped = await finish(manager, finishMs);
    return { ...monitor.stop(), droppedPolls: dropped.length, missedTicks: ticks.missed };
  });
}

/** One poll at a time; the ticks that come while it waits for its turn or its answer are missed, not made up for. */
async function pollForEver(manager, symbol, everyMs, poll, ticks) {
  for (let tickMs = now(); ; tickMs += everyMs) {
    await sleep(tickMs - now());
    manager.spawn(({ signal }) => poll(symbol, signal), { id: symbol });
    await manager.outcome(symbol);
    manager.forget(symbol);
    const missed = Math.floor((now() - tickMs) / everyMs);
    ticks.missed += missed;
    tickMs += missed * everyMs;
  }
}

/** Resolves when nothing is open any more, with the ids of those that never began. */
async function finish(manager, withinMs) {
  const dropped = await new TaskRegistry(manager).cancelWhere(({ state }) => state === 'pending', 'stopped');
  await moveOnAfter(withinMs, () => manager.close());
  await manager.cancelAll();
  return dropped;
}
