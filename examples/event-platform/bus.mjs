/** Hands every event to exactly one service: audits to the bridge, all else to the workers in turn. */
import { Queue, sleep } from 'orderly/concurrency';
import { workOff } from './work-off.mjs';

/** @typedef {ReturnType<typeof createBus>} Bus */

/**
 * @param {{ workers: import('./worker.mjs').Worker[], bridge: import('./bridge.mjs').Bridge }} receivers
 * @param {{ latencyMs: number, inboxSize: number }} options
 */
export function createBus({ workers, bridge }, { latencyMs, inboxSize }) {
  /** @type {Queue<import('./producer.mjs').PlatformEvent>} */
  const inbox = new Queue(inboxSize);
  let turn = 0;
  return {
    name: 'bus',
    inbox,
    start: () => sleep(latencyMs),
    run: () =>
      workOff(inbox, (event) => {
        const receiver = event.kind === 'audit' ? bridge : workers[turn++ % workers.length];
        return receiver?.inbox.put(event);
      }),
    async stop() {
      await sleep(latencyMs);
      inbox.close();
    },
  };
}
