/**
 * Makes events and sends them to the bus in batches. Asked to stop, it makes no more and flushes the batch it has, which
 * is why it must be the first to stop: everything it needs for that still runs.
 */
import { CancelScope, sleep } from 'orderly/concurrency';

/** @typedef {{ id: number, kind: 'order' | 'audit' }} PlatformEvent */

/**
 * @param {import('./bus.mjs').Bus} bus
 * @param {{ latencyMs: number, everyMs: number, batchSize: number }} options
 */
export function createProducer(bus, { latencyMs, everyMs, batchSize }) {
  const producing = new CancelScope({ name: 'producing' });
  /** @type {PlatformEvent[]} */
  const batch = [];
  let produced = 0;

  /** A `put` that is cancelled has not put: an event leaves the batch only when the bus has it. */
  async function flush() {
    for (let event = batch[0]; event !== undefined; event = batch[0]) {
      await bus.inbox.put(event);
      batch.shift();
    }
  }

  async function produce() {
    for (;;) {
      await sleep(everyMs);
      const id = ++produced;
      batch.push({ id, kind: id % 3 === 0 ? 'audit' : 'order' });
      if (batch.length >= batchSize) await flush();
    }
  }

  return {
    name: 'producer',
    /** How many events there are: their ids are the numbers from 1. */
    get produced() {
      return produced;
    },
    start: () => sleep(latencyMs),
    async run() {
      await producing.run(produce);
      await flush();
    },
    async stop() {
      await sleep(latencyMs);
      producing.cancel();
    },
  };
}
