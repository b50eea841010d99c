/** A consumer: works on one job after the other, and publishes a result of each. Stopped, it finishes what is left. */
import { sleep } from 'orderlyd/concurrency';

/**
 * @param {string} name
 * @param {import('./coordinator.mjs').Coordinator} coordinator
 * @param {import('./bus.mjs').Bus} bus
 * @param {{ latencyMs: number, workMs: number }} options
 */
export function createWorker(name, { jobs }, bus, { latencyMs, workMs }) {
  return {
    name,
    start: () => sleep(latencyMs),
    async run() {
      for await (const job of jobs) {
        await sleep(workMs);
        await bus.publish({ kind: 'result', job, by: name });
      }
    },
    /** Whoever hands out jobs has stopped by now and closed the queue, or has never started. */
    async stop() {
      await sleep(latencyMs);
      jobs.close();
    },
  };
}
