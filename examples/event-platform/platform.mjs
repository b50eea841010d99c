/**
 * The eight services and the order in which they are entered: whoever sends to another comes after it, so that it is
 * left before it. Stopping walks with the stream: the producer flushes into a bus that still runs, the bus empties into
 * a bridge and workers that still run, monitors are gone before the workers they watch, and all report to a coordinator
 * that goes last. So nothing that was produced is lost, and nobody sends to something that has stopped.
 */
import { createBridge } from './bridge.mjs';
import { createBus } from './bus.mjs';
import { createCoordinator } from './coordinator.mjs';
import { createMonitor } from './monitor.mjs';
import { createProducer } from './producer.mjs';
import { createWorker } from './worker.mjs';

const defaults = { latencyMs: 20, inboxSize: 8, workMs: 12, batchSize: 5, everyMs: 10, sampleMs: 250 };

/** @param {Partial<typeof defaults> & { onSample?: (sample: import('./coordinator.mjs').Sample) => void }} options */
export function createPlatform(options = {}) {
  const settings = { ...defaults, ...options };
  const coordinator = createCoordinator(settings);
  const { account } = coordinator;
  const workers = ['worker-1', 'worker-2'].map((name) => createWorker(name, coordinator, settings));
  const bridge = createBridge(coordinator, settings);
  const bus = createBus({ workers, bridge }, settings);
  const producer = createProducer(bus, settings);
  const done = () => account.consumed.length + account.bridged.length;
  const monitors = [
    createMonitor('throughput', done, coordinator, settings),
    createMonitor('backlog', () => producer.produced - done(), coordinator, settings),
  ];
  return {
    services: [coordinator, ...workers, ...monitors, bridge, bus, producer],
    /** What was produced, and what became of it. */
    account: () => ({ produced: producer.produced, ...account }),
  };
}
