/**
 * Makes up jobs and hands them to the workers through a bounded queue, so it is never far ahead of them. Asked to stop,
 * it makes no more and closes the queue; what is in it is still worked on.
 */
import { CancelScope, Queue, sleep } from 'orderlyd/concurrency';

/** @typedef {ReturnType<typeof createCoordinator>} Coordinator */

/** @param {{ latencyMs: number, queueSize: number, everyMs: number }} options */
export function createCoordinator({ latencyMs, queueSize, everyMs }) {
  const making = new CancelScope({ name: 'making' });
  /** @type {Queue<number>} */
  const jobs = new Queue(queueSize);
  let handedOut = 0;

  /** A `put` that is cancelled has not put: that job was never handed out. */
  async function make() {
    for (;;) {
      await sleep(everyMs);
      await jobs.put(handedOut + 1);
      handedOut += 1;
    }
  }

  return {
    name: 'coordinator',
    jobs,
    /** How many jobs were handed out: they are the numbers from 1. */
    get handedOut() {
      return handedOut;
    },
    start: () => sleep(latencyMs),
    async run() {
      try {
        await making.run(make);
      } finally {
        jobs.close();
      }
    },
    async stop() {
      await sleep(latencyMs);
      making.cancel();
    },
  };
}
