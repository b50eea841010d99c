/** A stand-in for a message broker at the end of a slow line. It keeps what arrived, so that it can be counted. */
import { sleep } from 'orderlyd/concurrency';

/** @typedef {import('./bus.mjs').PlatformEvent} PlatformEvent */
/** @typedef {ReturnType<typeof createBroker>} Broker */

/** @param {{ sendMs: number, onBatch?: (batch: readonly PlatformEvent[]) => void }} options */
export function createBroker({ sendMs, onBatch = () => undefined }) {
  /** @type {PlatformEvent[]} */
  const received = [];
  return {
    received,
    async accept(/** @type {readonly PlatformEvent[]} */ batch) {
      await sleep(sendMs);
      received.push(...batch);
      onBatch(batch);
    },
  };
}
