/**
 * The eight services and the order in which they are entered: whoever hands something to another comes after it, so
 * that it is left before it. Stopping walks with the stream: no more jobs, then the workers finish those handed out,
 * the monitors publish a last sample, the bridge empties the bus, the bus closes, and the producer flushes to the broker
 * last of all. Each has only to finish what it was given, and nothing is lost.
 */
import { createBridge } from './bridge.mjs';
import { createBroker } from './broker.mjs';
import { createBus } from './bus.mjs';
import { createCoordinator } from './coordinator.mjs';
import { createMonitor } from './monitor.mjs';
import { createProducer } from './producer.mjs';
import { createWorker } from './worker.mjs';

const defaults = {
  latencyMs: 20,
  queueSize: 8,
  everyMs: 5,
  workMs: 15,
  sampleMs: 250,
  batchSize: 20,
  sendMs: 30,
};

/** @param {Partial<typeof defaults> & { onBatch?: (batch: readonly import('./bus.mjs').PlatformEvent[]) => void }} options */
export function createPlatform(options = {}) {
  const settings = { ...defaults, ...options };
  const broker = createBroker(settings);
  const producer = createProducer(broker, settings);
  const bus = createBus(settings);
  const { published } = bus;
  const { received: sent } = broker;
  const bridge = createBridge(bus, producer, settings);
  const monitors = [
    createMonitor(
      'throughput',
      growthOf(() => sent.length),
      bus,
      settings,
    ),
    createMonitor('backlog', () => published.length - sent.length, bus, settings),
  ];
  const coordinator = createCoordinator(settings);
  const workers = ['worker-1', 'worker-2'].map((name) => createWorker(name, coordinator, bus, settings));
  return {
    services: [producer, bus, bridge, ...monitors, ...workers, coordinator],
    /** The jobs are the numbers from 1 to `jobs`, `results` those of which one was published. */
    account: () => ({
      jobs: coordinator.handedOut,
      results: published.flatMap((event) => (event.kind === 'result' ? [event.job] : [])),
      published,
      sent,
    }),
  };
}

/** By how much it has grown since the last call. */
function growthOf(/** @type {() => number} */ count) {
  let last = 0;
  return () => {
    const growth = count() - last;
    last += growth;
    return growth;
  };
}
