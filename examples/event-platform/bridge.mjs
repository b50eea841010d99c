/**
 * Carries events to another system in batches. What is in an unfinished batch when it is stopped goes out as well.
 */
import { Queue, sleep } from 'orderly/concurrency';
import { workOff } from './work-off.mjs';

/** @typedef {ReturnType<typeof createBridge>} Bridge */

/**
 * @param {import('./coordinator.mjs').Coordinator} coordinator
 * @param {{ latencyMs: number, inboxSize: number, batchSize: number }} options
 */
export function createBridge(coordinator, { latencyMs, inboxSize, batchSize }) {
  const name = 'bridge';
  /** @type {Queue<import('./producer.mjs').PlatformEvent>} */
  const inbox = new Queue(inboxSize);
  /** @type {number[]} */
  let batch = [];

  async function send() {
    await sleep(latencyMs);
    await coordinator.report({ kind: 'bridged', ids: batch, by: name });
    batch = [];
  }

  return {
    name,
    inbox,
    start: () => sleep(latencyMs),
    async run() {
      await workOff(inbox, async ({ id }) => {
        batch.push(id);
        if (batch.length >= batchSize) await send();
      });
      if (batch.length > 0) await send();
    },
    async stop() {
      await sleep(latencyMs);
      inbox.close();
    },
  };
}
