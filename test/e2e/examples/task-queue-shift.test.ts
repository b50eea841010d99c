/** The shifts of the example on a virtual clock: stopped at any moment, flooded with urgent items. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import {
  CancelScope,
  openTasks,
  sleep,
  type TaskQueueCounts,
  VirtualClock,
  withClock,
} from 'orderlyd/concurrency';
import { assertAsyncProperty } from '../../support/assert-property.ts';
import { examplePath } from '../../support/example-path.ts';

interface Item {
  readonly id: number;
  readonly priority: number;
  readonly failures: number;
}

interface Shift {
  readonly items: readonly Item[];
  readonly size: number;
  readonly workers: number;
  readonly ageMs: number;
  readonly stopWithinMs: number;
  readonly stop: CancelScope;
  readonly work: (item: Item) => Promise<void>;
  readonly tell?: (counts: TaskQueueCounts) => void;
  readonly tellEveryMs?: number;
}

interface ShiftEnd {
  readonly account: Readonly<
    Record<'accepted' | 'done' | 'failed' | 'returned' | 'withProducer' | 'longestWaitMs', number>
  >;
  readonly unfinished: readonly Item[];
}

interface Wait extends Pick<Shift, 'size' | 'workers' | 'ageMs'> {
  readonly priority: number;
  readonly workMs: number;
}

const load = (module: string) => import(pathToFileURL(examplePath('task-queue', module)).href);
const { workThrough }: { workThrough(shift: Shift): Promise<ShiftEnd> } = await load('work-through.mjs');
const { longestPossibleWaitMs }: { longestPossibleWaitMs(wait: Wait): number } =
  await load('longest-possible-wait.mjs');

function onVirtualClock(proof: (clock: VirtualClock) => Promise<void>): Promise<void> {
  const clock = new VirtualClock();
  return withClock(clock, async () => {
    await proof(clock);
    assert.deepEqual(openTasks(), []);
  });
}

const queue = {
  size: fc.integer({ min: 1, max: 8 }),
  workers: fc.integer({ min: 1, max: 4 }),
  ageMs: fc.integer({ min: 1, max: 50 }),
};

test('however often it is stopped: over all shifts each item is done once, and every account adds up', async () => {
  const item = fc.record({ priority: fc.nat(5), failures: fc.nat(2), workMs: fc.nat(10) });
  const scenario = fc.record({
    ...queue,
    kinds: fc.array(item, { minLength: 1, maxLength: 25 }),
    stops: fc.array(fc.record({ atMs: fc.nat(60), withinMs: fc.nat(15) }), { maxLength: 5 }),
  });
  await assertAsyncProperty(
    fc.asyncProperty(scenario, ({ kinds, stops, ...limits }) =>
      onVirtualClock(async () => {
        const done: number[] = [];
        const work = async ({ id, failures }: Item): Promise<void> => {
          await sleep(kinds[id]!.workMs);
          if (failures > 0) throw new Error('not yet');
          done.push(id);
        };
        let left: readonly Item[] = kinds.map(({ priority, failures }, id) => ({ id, priority, failures }));
        // Three shifts to the end are enough: nothing fails more than twice.
        for (const { atMs, withinMs } of [...stops, ...Array(3).fill({ atMs: undefined, withinMs: 0 })]) {
          const { account, unfinished } = await workThrough({
            ...limits,
            items: left,
            stop: new CancelScope({ timeoutMs: atMs }),
            stopWithinMs: withinMs,
            work,
            tell: ({ queued, running }) => assert.ok(queued <= limits.size && running <= limits.workers),
            tellEveryMs: 1,
          });
          assert.equal(account.accepted, account.done + account.failed + account.returned);
          assert.equal(account.accepted + account.withProducer, left.length);
          const both = [...done, ...unfinished.map(({ id }) => id)];
          assert.deepEqual(
            both.toSorted((a, b) => a - b),
            [...kinds.keys()],
          );
          left = unfinished;
        }
        assert.deepEqual(left, []);
      }),
    ),
    { numRuns: 200 },
  );
});

/** One item that isn't urgent somewhere in a flood of urgent ones; how long it waited. */
async function waitInFlood(wait: Wait, flood: number, place: number): Promise<number> {
  const items = Array.from({ length: flood }, (_, id) => ({
    id,
    priority: id === place ? wait.priority : 0,
    failures: 0,
  }));
  const stop = new CancelScope();
  const work = () => sleep(wait.workMs);
  const { account } = await workThrough({ ...wait, items, stop, stopWithinMs: 0, work });
  assert.equal(account.done, flood);
  return account.longestWaitMs;
}

test('a flood of urgent items does not starve one that is not: it waits no longer than its age allows', async () => {
  const scenario = fc.record({
    ...queue,
    priority: fc.integer({ min: 1, max: 5 }),
    workMs: fc.integer({ min: 1, max: 20 }),
  });
  await assertAsyncProperty(
    fc.asyncProperty(scenario, fc.nat(30), (wait, place) =>
      onVirtualClock(async () => {
        const boundMs = longestPossibleWaitMs(wait);
        // So many that they last longer than the bound.
        const flood = place + Math.ceil(boundMs / wait.workMs + 1) * wait.workers + wait.size;
        const waitedMs = await waitInFlood(wait, flood, place);
        assert.ok(waitedMs <= boundMs, `it waited ${waitedMs} ms of ${boundMs}`);
      }),
    ),
    { numRuns: 200 },
  );
});

test('without ageing the same flood would starve it to its end', async () => {
  const wait = { priority: 5, size: 8, workers: 2, workMs: 10 };
  await onVirtualClock(async () => {
    const aged = await waitInFlood({ ...wait, ageMs: 20 }, 500, 10);
    assert.ok(aged <= longestPossibleWaitMs({ ...wait, ageMs: 20 }), `${aged} ms`);
    const starved = await waitInFlood({ ...wait, ageMs: Number.POSITIVE_INFINITY }, 500, 10);
    assert.ok(starved > 2000, `${starved} ms`);
  });
});
