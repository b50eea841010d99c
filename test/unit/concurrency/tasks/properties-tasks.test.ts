/**
 * Task queues, managers and registries with random work, and with cancellations of whoever waits, of what runs, and of
 * all of it: the accounts balance at every step, and nothing runs on.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  CancelScope,
  isCancelled,
  now,
  openTasks,
  QueueClosed,
  sleep,
  type TaskInfo,
  TaskManager,
  TaskQueue,
  type TaskQueueCounts,
  TaskRegistry,
  TimeoutError,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { Crew, jobSpecs, settled } from '../../../support/crew.ts';
import { property } from '../../../support/property.ts';

const AGE_MS = 2;

/** When it is cancelled from outside; mostly never. */
const timeoutMs = fc.option(fc.nat(15), { nil: Number.POSITIVE_INFINITY });

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

property(
  'TQ-1 TQ-2 TQ-3 TQ-4 TQ-7 TQ-8 a task queue: the accounts balance, the most urgent goes first, nothing twice',
  fc.record({
    specs: jobSpecs,
    puts: fc.array(fc.record({ atMs: fc.nat(8), priority: fc.nat(4), patienceMs: fc.nat(9) }), {
      minLength: 7,
      maxLength: 7,
    }),
    size: fc.integer({ min: 1, max: 3 }),
    workers: fc.integer({ min: 1, max: 3 }),
    stopAtMs: fc.nat(15),
    withinMs: fc.nat(6),
    timeoutMs,
  }),
  async ({ specs, puts, size, workers, stopAtMs, withinMs, timeoutMs }) => {
    const crew = new Crew();
    const failed: number[] = [];
    const surprises: unknown[] = [];
    const accepted = new Set<number>();
    const keys = new Map<number, number>();
    let returned: readonly number[] = [];
    let last: TaskQueueCounts | undefined;
    const scope = new CancelScope({ timeoutMs });
    const run = scope.run(() => {
      let look = (): void => undefined;
      const work = async (index: number): Promise<void> => {
        look();
        const key = keys.get(index)!;
        for (const other of accepted) {
          if (crew.begun.includes(other) || other === index) continue;
          assert.ok(key <= keys.get(other)!, `${index} goes before ${other}`);
        }
        await crew.work(specs[index]!, index);
        look();
      };
      const onFailure = (item: number, error: unknown): void => {
        failed.push(item);
        if (!crew.thrown.includes(error as Error)) surprises.push(error);
      };
      const options = { size, workers, work, ageMs: AGE_MS, onFailure };
      return TaskQueue.run<number, void>(options, async (queue) => {
        look = () => {
          const { accepted: all, ...parts } = queue.counts;
          last = queue.counts;
          assert.equal(sum(Object.values(parts)), all);
          assert.ok(parts.queued <= size && parts.running <= workers);
        };
        await taskGroup((group) => {
          for (const index of specs.keys()) {
            const { atMs, priority, patienceMs } = puts[index]!;
            group.startSoon(async () => {
              await sleep(atMs);
              const patience = new CancelScope({ timeoutMs: patienceMs });
              await patience.run(async () => {
                keys.set(index, priority + now() / AGE_MS);
                const putting = queue.put(index, { priority });
                look();
                try {
                  await putting;
                  accepted.add(index);
                } catch (error) {
                  if (!(error instanceof QueueClosed)) throw error;
                }
                look();
              });
            });
          }
          group.startSoon(async () => {
            await sleep(stopAtMs);
            returned = await queue.stop(withinMs);
            look();
          });
        });
        look();
        const { accepted: all, done } = queue.counts;
        assert.equal(all, accepted.size);
        const finished = [...crew.completed, ...failed];
        assert.equal(done + failed.length, finished.length);
        assert.deepEqual([...finished, ...returned].sort(), [...accepted].sort());
      });
    });
    const { error } = await settled(run);
    assert.equal(error, undefined);
    assert.deepEqual(surprises, []);
    crew.assertNothingRuns();
    assert.equal(new Set(crew.begun).size, crew.begun.length, 'one began twice');
    assert.ok(last === undefined || last.running <= workers);
  },
);

const asked = fc.record({
  kind: fc.constantFrom('cancel', 'cancelWhere', 'waitAny', 'waitAny and cancel', 'handle'),
  atMs: fc.nat(8),
  patienceMs: fc.option(fc.nat(6), { nil: Number.POSITIVE_INFINITY }),
  withinMs: fc.option(fc.nat(3), { nil: Number.POSITIVE_INFINITY }),
  who: fc.nat(6),
});

const isFinal = (task: TaskInfo | undefined): boolean => task?.endedMs !== undefined;

property(
  'TM-2 TM-3 TM-6 TM-8 TM-13 TR-1 TR-2 TR-3 TR-5 TR-6 TR-7 TR-8 a registry: who was cancelled has ended, whoever asks and gives up',
  fc.record({
    specs: jobSpecs.filter(({ length }) => length > 0),
    askers: fc.array(asked, { maxLength: 6 }),
    maxConcurrency: fc.constantFrom(1, 2, Number.POSITIVE_INFINITY),
    timeoutMs,
  }),
  async ({ specs, askers, maxConcurrency, timeoutMs }) => {
    const crew = new Crew();
    const scope = new CancelScope({ timeoutMs });
    const run = scope.run(() =>
      TaskManager.run({ maxConcurrency }, async (manager) => {
        const registry = new TaskRegistry(manager);
        const ids = [...specs.keys()].map(String);
        const look = (): void => {
          const { total, ...states } = manager.counts;
          assert.equal(sum(Object.values(states)), total);
          assert.ok(states.running <= maxConcurrency);
          const listed = manager.list();
          assert.equal(listed.filter(isFinal).length, total - states.pending - states.running);
        };
        const handles = specs.map((spec, index) =>
          manager.spawn(() => crew.work(spec, index), { id: ids[index]! }),
        );
        const ask = async ({ kind, withinMs, who }: (typeof askers)[0]): Promise<void> => {
          const id = ids[who % ids.length]!;
          const some = ids.filter((_, index) => index % 2 === who % 2 || index === 0);
          const before = manager.get(id);
          switch (kind) {
            case 'handle':
              return handles[who % ids.length]!.cancel();
            case 'cancel':
              try {
                const didEnd = await registry.cancel(id, { withinMs });
                const after = manager.get(id)!;
                assert.ok(isFinal(after));
                if (isFinal(before)) assert.equal(didEnd, false);
                else assert.equal(didEnd, after.state !== 'completed');
              } catch (error) {
                if (!(error instanceof TimeoutError)) throw error;
                assert.ok(manager.get(id) !== undefined);
              }
              return;
            case 'cancelWhere': {
              const open = ids.filter((each) => !isFinal(manager.get(each)));
              const ended = await registry.cancelWhere((task) => some.includes(task.id));
              assert.deepEqual(
                ended,
                open.filter((each) => some.includes(each)),
              );
              for (const each of ended) assert.ok(isFinal(manager.get(each)));
              return;
            }
            default: {
              const hadEnded = some.find((each) => isFinal(manager.get(each)));
              const cancelOthers = kind !== 'waitAny';
              const first = await registry.waitAny(some, { cancelOthers });
              const info = manager.get(first.id)!;
              assert.equal(first.outcome.state, info.state);
              // Of those that had ended before, or end in this very turn, the first in the list.
              if (hadEnded !== undefined) assert.ok(some.indexOf(first.id) <= some.indexOf(hadEnded));
              else {
                const ends = some.map((each) => manager.get(each)!.endedMs ?? Number.POSITIVE_INFINITY);
                assert.equal(info.endedMs, Math.min(...ends));
              }
              if (cancelOthers) for (const each of some) assert.ok(isFinal(manager.get(each)));
            }
          }
        };
        await taskGroup((group) => {
          for (const asker of askers) {
            group.startSoon(async () => {
              await sleep(asker.atMs);
              const patience = new CancelScope({ timeoutMs: asker.patienceMs });
              await patience.run(async () => {
                try {
                  await ask(asker);
                } catch (error) {
                  if (isCancelled(error)) assert.ok(patience.cancelCalled || scope.cancelCalled);
                  throw error;
                }
              });
              look();
            });
          }
        });
        await manager.close();
        look();
        assert.ok(manager.list().every(isFinal));
        const nobodyCancelled = askers.every(({ kind }) => kind === 'waitAny') && !scope.cancelCalled;
        if (nobodyCancelled) assert.equal(manager.counts.cancelled, 0);
        assert.equal(manager.counts.total, specs.length);
        const failed = manager.list().filter(({ state }) => state === 'failed');
        assert.deepEqual(new Set(failed.map(({ error }) => error)), new Set(crew.thrown));
      }),
    );
    const { error } = await settled(run);
    assert.equal(error, undefined);
    crew.assertNothingRuns();
    assert.deepEqual(openTasks(), []);
    assert.ok(crew.mostRunning <= maxConcurrency);
  },
);
