/**
 * The client of a message broker: it buffers what it is given and sends it in batches. Asked to stop, it flushes: takes
 * nothing more and sends what it has. So it must be the last to stop, when nobody is left who could give it anything.
 */
import { Queue, sleep } from 'orderlyd/concurrency';
import { workOff } from './work-off.mjs';

/** @typedef {import('./bus.mjs').PlatformEvent} PlatformEvent */
/** @typedef {ReturnType<typeof createProducer>} Producer */

/**
 * @param {import('./broker.mjs').Broker} broker
 * @param {{ latencyMs: number, queueSize: number, batchSize: number }} options
 */
export function createProducer(broker, { latencyMs, queueSize, batchSize }) {
  /** @type {Queue<PlatformEvent>} */
  const inbox = new Queue(queueSize);
  /** @type {PlatformEvent[]} */
  let batch = [];

  async function flush() {
    if (batch.length > 0) await broker.accept(batch);
    batch = [];
  }

  return {
    name: 'producer',
    /** Waits for room; throws a `QueueClosed` once the producer has stopped. */
    send: (/** @type {PlatformEvent} */ event) => inbox.put(event),
    start: () => sleep(latencyMs),
    async run() {
      await workOff(inbox, async (event) => {
        batch.push(event);
        if (batch.length >= batchSize) await flush();
      });
      await flush();
    },
    async stop() {
      await sleep(latencyMs);
      inbox.close();
    },
  };
}
