/**
 * The event bus: hands every event to each subscriber, in the order of publishing. A subscriber that leaves takes its
 * place in the same line as the events, so it still gets all that was published before.
 */
import { Queue, QueueClosed, sleep } from 'orderlyd/concurrency';
import { workOff } from './work-off.mjs';

/** @typedef {{ kind: 'result', job: number, by: string } | { kind: 'sample', name: string, value: number }} PlatformEvent */
/** @typedef {Queue<PlatformEvent>} Subscription a bounded queue, closed after the last event that is meant for it */
/** @typedef {ReturnType<typeof createBus>} Bus */

/** @param {{ latencyMs: number, queueSize: number }} options */
export function createBus({ latencyMs, queueSize }) {
  /** @type {Queue<PlatformEvent | Subscription>} */
  const line = new Queue(queueSize);
  /** @type {Set<Subscription>} */
  const subscriptions = new Set();
  /** @type {PlatformEvent[]} */
  const published = [];

  async function handle(/** @type {PlatformEvent | Subscription} */ next) {
    if (next instanceof Queue) {
      next.close();
      subscriptions.delete(next);
      return;
    }
    if (subscriptions.size === 0)
      throw new Error(`Cannot deliver a ${next.kind}: nobody is subscribed any more`);
    for (const subscription of subscriptions) await subscription.put(next);
  }

  return {
    name: 'bus',
    /** What was published, in order: kept so that it can be counted. */
    published,
    /** Waits for room; throws a `QueueClosed` once the bus has stopped. */
    async publish(/** @type {PlatformEvent} */ event) {
      await line.put(event);
      published.push(event);
    },
    subscribe() {
      /** @type {Subscription} */
      const subscription = new Queue(queueSize);
      subscriptions.add(subscription);
      return subscription;
    },
    /** From now on nothing more is meant for it. A bus that has ended has closed it already. */
    async unsubscribe(/** @type {Subscription} */ subscription) {
      try {
        await line.put(subscription);
      } catch (error) {
        if (!(error instanceof QueueClosed)) throw error;
      }
    },
    start: () => sleep(latencyMs),
    async run() {
      try {
        await workOff(line, handle);
      } finally {
        for (const subscription of subscriptions) subscription.close();
      }
    },
    async stop() {
      await sleep(latencyMs);
      line.close();
    },
  };
}
