/**
 * Puts items into a queue and has them worked on until all are or it is told to stop, and accounts for each: every item
 * is done, or it is in `unfinished`, to be taken up by the next run; never both.
 */
import { now, race, sleep, TaskQueue } from 'orderlyd/concurrency';

/**
 * @typedef {import('./items.mjs').Item} Item
 *
 * @typedef {object} Shift
 * @property {readonly Item[]} items
 * @property {number} size how many items the queue holds
 * @property {number} workers
 * @property {number} ageMs an item rises by one priority for each of these
 * @property {number} stopWithinMs how long accepted items may still be worked on after `stop`
 * @property {import('orderlyd/concurrency').CancelScope} stop ends the production when it is cancelled
 * @property {(item: Item) => Promise<void>} work
 * @property {(counts: import('orderlyd/concurrency').TaskQueueCounts) => void} [tell] of the progress
 * @property {number} [tellEveryMs] 1,000 by default
 */

/** @param {Shift} shift */
export function workThrough(shift) {
  const {
    items,
    size,
    workers,
    ageMs,
    stopWithinMs,
    stop,
    tell = () => undefined,
    tellEveryMs = 1000,
  } = shift;
  /** @type {Item[]} */
  const failed = [];
  /** @type {Map<Item, number>} */
  const offeredMs = new Map();
  const lowest = Math.max(...items.map(({ priority }) => priority));
  let longestWaitMs = 0;
  let longestWorkMs = 0;
  let producerWaitedMs = 0;

  /** @param {Item} item */
  const work = async (item) => {
    const fromMs = now();
    const waitedMs = fromMs - /** @type {number} */ (offeredMs.get(item));
    if (item.priority === lowest) longestWaitMs = Math.max(longestWaitMs, waitedMs);
    try {
      await shift.work(item);
    } finally {
      longestWorkMs = Math.max(longestWorkMs, now() - fromMs);
    }
  };
  /** @param {Item} item */
  const onFailure = (item) => failed.push({ ...item, failures: item.failures - 1 });

  return TaskQueue.run({ size, workers, ageMs, work, onFailure }, async (queue) => {
    const produce = async () => {
      for (const item of items) {
        const fromMs = now();
        offeredMs.set(item, fromMs);
        await queue.put(item, { priority: item.priority });
        producerWaitedMs += now() - fromMs;
      }
      await queue.join();
    };
    const tellOn = async () => {
      for (;;) {
        tell(queue.counts);
        await sleep(tellEveryMs);
      }
    };
    await stop.run(() => race([produce, tellOn]));
    const returned = await queue.stop(stopWithinMs);
    const { accepted, done } = queue.counts;
    const kept = items.slice(accepted);
    return {
      account: {
        accepted,
        done,
        failed: failed.length,
        returned: returned.length,
        withProducer: kept.length,
        producerWaitedMs,
        longestWaitMs,
        longestWorkMs,
      },
      unfinished: [...returned, ...failed, ...kept],
    };
  });
}
