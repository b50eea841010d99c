/**
 * Keeps the account of every event: who consumed it, or that it was bridged. The others report to it, so it is the first
 * to be started and the last to be stopped.
 */
import { Queue, sleep } from 'orderly/concurrency';
import { workOff } from './work-off.mjs';

/** @typedef {ReturnType<typeof createCoordinator>} Coordinator */
/** @typedef {{ kind: 'consumed' | 'bridged', ids: number[], by: string }} Done */
/** @typedef {{ kind: 'sample', name: string, value: number }} Sample */

/** @param {{ latencyMs: number, inboxSize: number, onSample?: (sample: Sample) => void }} options */
export function createCoordinator({ latencyMs, inboxSize, onSample = () => undefined }) {
  /** @type {Queue<Done | Sample>} */
  const inbox = new Queue(inboxSize);
  /** The ids of the events. @type {{ consumed: number[], bridged: number[] }} */
  const account = { consumed: [], bridged: [] };
  return {
    name: 'coordinator',
    account,
    report: (/** @type {Done | Sample} */ report) => inbox.put(report),
    start: () => sleep(latencyMs),
    run: () =>
      workOff(inbox, (report) => {
        if (report.kind === 'sample') onSample(report);
        else account[report.kind].push(...report.ids);
      }),
    async stop() {
      await sleep(latencyMs);
      inbox.close();
    },
  };
}
