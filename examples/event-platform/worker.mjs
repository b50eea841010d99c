/** Consumes events one at a time, and reports each once it is done. */
import { Queue, sleep } from 'orderly/concurrency';
import { workOff } from './work-off.mjs';

/** @typedef {ReturnType<typeof createWorker>} Worker */

/**
 * @param {string} name
 * @param {import('./coordinator.mjs').Coordinator} coordinator
 * @param {{ latencyMs: number, inboxSize: number, workMs: number }} options
 */
export function createWorker(name, coordinator, { latencyMs, inboxSize, workMs }) {
  /** @type {Queue<import('./producer.mjs').PlatformEvent>} */
  const inbox = new Queue(inboxSize);
  return {
    name,
    inbox,
    start: () => sleep(latencyMs),
    run: () =>
      workOff(inbox, async ({ id }) => {
        await sleep(workMs);
        await coordinator.report({ kind: 'consumed', ids: [id], by: name });
      }),
    async stop() {
      await sleep(latencyMs);
      inbox.close();
    },
  };
}
