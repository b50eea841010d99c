/** Reports a number again and again, and a last time when it is stopped. */
import { CancelScope, sleep } from 'orderly/concurrency';

/**
 * @param {string} name
 * @param {() => number} measure
 * @param {import('./coordinator.mjs').Coordinator} coordinator
 * @param {{ latencyMs: number, sampleMs: number }} options
 */
export function createMonitor(name, measure, coordinator, { latencyMs, sampleMs }) {
  const watching = new CancelScope({ name });
  const sample = () => coordinator.report({ kind: 'sample', name, value: measure() });

  async function watch() {
    for (;;) {
      await sleep(sampleMs);
      await sample();
    }
  }

  return {
    name,
    start: () => sleep(latencyMs),
    async run() {
      await watching.run(watch);
      await sample();
    },
    async stop() {
      await sleep(latencyMs);
      watching.cancel();
    },
  };
}
