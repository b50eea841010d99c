/**
 * 10,000 items, 20 slow workers, a producer that is faster than they are, and a few items that are not urgent at all:
 *
 *     node examples/task-queue/main.mjs          # a few seconds; stop it with Ctrl-C or SIGTERM, and start it again
 *
 * The queue is bounded, so the producer waits; nothing is refused. Stopped in the middle, it writes what is not done to
 * a file, and the next start takes it up: over all runs each item is done exactly once. Some fail at the first
 * attempt, and are among those taken up again. Urgent items come first, but none waits for ever: an item rises by one
 * priority for each `TASKS_AGE_MS` that it has waited. Its last lines are the account of the run.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelScope, CleanupStack, sleep } from 'orderlyd/concurrency';
import { loadBacklog, saveBacklog } from './backlog.mjs';
import { makeItems, NOT_URGENT } from './items.mjs';
import { Journal } from './journal.mjs';
import { longestPossibleWaitMs } from './longest-possible-wait.mjs';
import { workThrough } from './work-through.mjs';

const { env } = process;
const folder = env.TASKS_FOLDER ?? join(tmpdir(), 'orderly-task-queue');
const settings = {
  size: Number(env.TASKS_SIZE ?? 500),
  workers: Number(env.TASKS_WORKERS ?? 20),
  ageMs: Number(env.TASKS_AGE_MS ?? 100),
  stopWithinMs: Number(env.TASKS_STOP_MS ?? 100),
  tellEveryMs: Number(env.TASKS_TELL_MS ?? 1000),
};
/** The longest that one item takes. */
const workMs = Number(env.TASKS_WORK_MS ?? 15);

const stop = new CancelScope({ name: 'production' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop.cancel(signal));

const backlog = await loadBacklog(folder);
const items = backlog ?? makeItems(Number(env.TASKS_ITEMS ?? 10_000));
console.log(
  `${items.length} items ${backlog === undefined ? 'to do' : 'left over from the last run'}, in ${folder}`,
);

const { account, unfinished } = await CleanupStack.run(async (stack) => {
  const journal = await stack.enter(
    () => Journal.open(join(folder, 'done.txt'), { isNew: backlog === undefined }),
    (journal) => journal.close(),
  );
  return workThrough({
    ...settings,
    items,
    stop,
    work: async (item) => {
      await sleep((workMs * (1 + (item.id % 10))) / 10);
      if (item.failures > 0) throw new Error(`Item ${item.id} needs another attempt`);
      await journal.add(item.id);
    },
    tell: ({ queued, running, done }) => console.log(`${done} done, ${running} running, ${queued} queued`),
  });
});
await saveBacklog(folder, unfinished);

const { accepted, done, failed, returned, withProducer } = account;
const boundMs = longestPossibleWaitMs({ ...settings, priority: NOT_URGENT, workMs: account.longestWorkMs });
console.log(
  `${accepted} accepted = ${done} done + ${failed} failed + ${returned} returned
${withProducer} were still with the producer, which waited ${Math.round(account.producerWaitedMs)} ms for room
an item that isn't urgent waited ${Math.round(account.longestWaitMs)} ms, of the ${Math.round(boundMs)} that it can wait at most
${unfinished.length === 0 ? 'nothing is left' : `${unfinished.length} items are left for the next start`}`,
);
