/** Carries every event from the bus to the producer. Asked to stop, it first takes all that is still on the bus. */
import { sleep } from 'orderlyd/concurrency';
import { workOff } from './work-off.mjs';

/**
 * @param {import('./bus.mjs').Bus} bus
 * @param {import('./producer.mjs').Producer} producer
 * @param {{ latencyMs: number }} options
 */
export function createBridge(bus, producer, { latencyMs }) {
  const events = bus.subscribe();
  return {
    name: 'bridge',
    start: () => sleep(latencyMs),
    run: () => workOff(events, (event) => producer.send(event)),
    async stop() {
      await sleep(latencyMs);
      await bus.unsubscribe(events);
    },
  };
}
