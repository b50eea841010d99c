/** Publishes a number again and again, and a last time when it is stopped. */
import { CancelScope, sleep } from 'orderlyd/concurrency';

/**
 * @param {string} name
 * @param {() => number} measure
 * @param {import('./bus.mjs').Bus} bus
 * @param {{ latencyMs: number, sampleMs: number }} options
 */
export function createMonitor(name, measure, bus, { latencyMs, sampleMs }) {
  const watching = new CancelScope({ name });
  const sample = () => bus.publish({ kind: 'sample', name, value: measure() });

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
