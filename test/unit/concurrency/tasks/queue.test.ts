/** Items, workers, ages; nothing lost, nothing twice. */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import fc from 'fast-check';
import {
  CancelScope,
  checkpoint,
  isCancelled,
  QueueClosed,
  sleep,
  sleepForever,
  TaskQueue,
  type TaskQueueCounts,
  TimeoutError,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { assertAsyncProperty } from '../../../support/assert-property.ts';
import { cancels, law, shape, thrownBy, whole } from '../../../support/concurrency-lab.ts';

function addsUp({ accepted, ...parts }: TaskQueueCounts): boolean {
  return Object.values(parts).reduce((sum, part) => sum + part) === accepted;
}

law('TQ-1 put waits while full; nothing is refused for lack of room', async (lab) => {
  const options = { size: 1, workers: 1, work: () => sleep(100) };
  await TaskQueue.run(options, async (queue) => {
    for (let item = 0; item < 5; item++) {
      await queue.put(item);
      lab.noteTime(`put${item}`);
    }
    await queue.join();
    assert.equal(queue.counts.done, 5);
  });
  lab.saw('put0(0s) put1(0s) put2(0.1s) put3(0.2s) put4(0.3s)');
});

law(
  'TQ-2 an item is taken only with a free worker: queued <= size and running <= workers, at any moment',
  async () => {
    const options = { size: 2, workers: 3, work: (ms: number) => sleep(ms) };
    await TaskQueue.run(options, async (queue) => {
      const look = (): void => {
        const { counts } = queue;
        assert.ok(counts.queued <= 2 && counts.running <= 3 && addsUp(counts), JSON.stringify(counts));
      };
      await taskGroup((group) => {
        for (let ms = 0; ms < 20; ms++) {
          group.startSoon(async () => {
            const putting = queue.put(ms % 7);
            look();
            await putting;
            look();
          });
        }
      });
      await queue.join();
      look();
    });
  },
);

law(
  'TQ-3 the most urgent first; an item rises by one priority per interval waited, so none starves',
  async () => {
    const order: string[] = [];
    const work = async (item: string): Promise<void> => {
      order.push(item);
      await sleep(1000);
    };
    await TaskQueue.run({ size: 100, workers: 1, work, ageMs: 5000 }, async (queue) => {
      await queue.put('busy');
      await checkpoint();
      await queue.put('old', { priority: 1 });
      await queue.put('urgent', { priority: -1 });
      // A stream of more urgent work that never ends.
      for (let n = 1; n <= 12; n++) {
        await queue.put(`n${n}`, { priority: 0 });
        await sleep(1000);
      }
      await queue.join();
    });
    assert.deepEqual(order.slice(0, 2), ['busy', 'urgent']);
    const at = order.indexOf('old');
    assert.ok(at > 2 && at <= 8, `the old one came ${at}th: ${order}`);
  },
);

law('TQ-3 of one priority, first come, first served', async () => {
  const order: number[] = [];
  await TaskQueue.run({ size: 10, workers: 1, work: (item: number) => order.push(item) }, async (queue) => {
    for (let item = 0; item < 10; item++) await queue.put(item);
    await queue.stop();
  });
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

law('TQ-5 join resolves when every item has been worked on, not taken', async (lab) => {
  await TaskQueue.run({ size: 5, workers: 2, work: () => sleep(100) }, async (queue) => {
    for (const item of [1, 2, 3]) await queue.put(item);
    await queue.join();
    assert.equal(lab.clock.now(), 200);
    assert.equal(queue.counts.done, 3);
    await queue.join();
  });
});

law('TQ-6 stop refuses new items at once, then drains', async (lab) => {
  await TaskQueue.run({ size: 1, workers: 1, work: () => sleep(100) }, async (queue) => {
    await taskGroup(async (group) => {
      await queue.put(1);
      await checkpoint();
      await queue.put(2);
      group.startSoon(async () => assert.ok((await thrownBy(queue.put(3))) instanceof QueueClosed));
      await checkpoint();
      const stopping = queue.stop();
      assert.ok((await thrownBy(queue.put(4))) instanceof QueueClosed);
      assert.deepEqual(await stopping, []);
      assert.deepEqual(await queue.stop(), []);
    });
    assert.equal(lab.clock.now(), 200);
    assert.equal(queue.counts.accepted, 2);
  });
});

law('TQ-7 at its limit stop cancels what runs and returns every item not finished', async (lab) => {
  const work = (item: string) => (item.startsWith('quick') ? sleep(10) : lab.cleaner(item, 50)());
  await TaskQueue.run({ size: 10, workers: 2, work }, async (queue) => {
    for (const item of ['quick', 'A', 'B', 'C', 'D']) await queue.put(item);
    assert.deepEqual(await queue.stop(100), ['A', 'B', 'C', 'D']);
    assert.equal(lab.clock.now(), 150);
    const { accepted, done, returned, queued, running } = queue.counts;
    assert.deepEqual(
      { accepted, done, returned, queued, running },
      { accepted: 5, done: 1, returned: 4, queued: 0, running: 0 },
    );
  });
  lab.saw('{A.cancelled B.cancelled} {A.cleaned B.cleaned}');
});

law('TQ-8 a failing or timed-out item is counted and reported; the worker goes on', async () => {
  const failures: string[] = [];
  const work = async (item: string): Promise<void> => {
    if (item === 'bad') throw new Error('it is bad');
    await sleep(item === 'slow' ? 1000 : 1);
  };
  const onFailure = (item: string, error: unknown) => {
    failures.push(`${item}: ${error instanceof TimeoutError ? 'timeout' : shape(error)}`);
  };
  await TaskQueue.run({ size: 5, workers: 1, timeoutMs: 100, work, onFailure }, async (queue) => {
    for (const item of ['bad', 'slow', 'good']) await queue.put(item);
    await queue.join();
    assert.deepEqual(failures, ['bad: it is bad', 'slow: timeout']);
    const { done, failed } = queue.counts;
    assert.deepEqual([done, failed], [1, 2]);
  });
});

law(
  'TQ-4 TQ-7 nothing is lost and nothing is done twice, whenever it is stopped and whoever is cancelled',
  async () => {
    const item = fc.record({
      priority: fc.nat(3),
      forMs: fc.nat(5),
      atMs: fc.nat(10),
      cancelAtMs: fc.nat(20),
    });
    await assertAsyncProperty(
      fc.asyncProperty(
        fc.array(item, { maxLength: 15 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(20),
        fc.nat(10),
        async (items, size, workers, stopAtMs, limitMs) => {
          const began: number[] = [];
          const finished: number[] = [];
          const accepted: number[] = [];
          let returned: readonly number[] = [];
          const work = async (index: number): Promise<void> => {
            began.push(index);
            await sleep(items[index]?.forMs ?? 0);
            finished.push(index);
          };
          await TaskQueue.run({ size, workers, work, ageMs: 3 }, async (queue) => {
            await taskGroup((group) => {
              for (const [index, { priority, atMs, cancelAtMs }] of items.entries()) {
                group.startSoon(async () => {
                  await sleep(atMs);
                  await new CancelScope({ timeoutMs: cancelAtMs }).run(async () => {
                    try {
                      await queue.put(index, { priority });
                      accepted.push(index);
                    } catch (error) {
                      if (!(error instanceof QueueClosed)) throw error;
                    }
                  });
                });
              }
              group.startSoon(async () => {
                await sleep(stopAtMs);
                returned = await queue.stop(limitMs);
              });
            });
            assert.ok(addsUp(queue.counts));
            assert.equal(queue.counts.accepted, accepted.length);
          });
          assert.equal(new Set(began).size, began.length, 'one began twice');
          assert.deepEqual([...finished, ...returned].toSorted(), accepted.toSorted());
        },
      ),
      { numRuns: 300 },
    );
  },
);

law(
  'a queue that is left without stop gives up what is open, and the body goes on to its end',
  async (lab) => {
    let counts: (() => TaskQueueCounts) | undefined;
    await TaskQueue.run({ size: 5, workers: 1, work: lab.cleaner('A', 10) }, async (queue) => {
      counts = () => queue.counts;
      for (const item of [1, 2]) await queue.put(item);
      await checkpoint();
    });
    lab.saw('A.cancelled A.cleaned');
    assert.deepEqual(counts?.(), { accepted: 2, queued: 0, running: 0, done: 0, failed: 0, returned: 2 });
  },
);

law('a cancellation from outside ends workers and body, and goes on', async () => {
  await whole(async (scope) => {
    const running = TaskQueue.run({ size: 5, workers: 2, work: () => sleepForever() }, async (queue) => {
      await queue.put(1);
      const error = await thrownBy(queue.join());
      assert.ok(isCancelled(error));
      throw error;
    });
    await sleep(10);
    scope.cancel();
    await cancels(running);
  });
});

law('options that are none are refused', async () => {
  for (const options of [{ size: 0 }, { size: 0.5 }, { workers: 0 }, { workers: 1.5 }, { ageMs: 0 }]) {
    const made = TaskQueue.run({ size: 1, workers: 1, work: () => 1, ...options }, () =>
      assert.fail('called'),
    );
    assert.ok((await thrownBy(made)) instanceof RangeError, JSON.stringify(options));
  }
});

law('a paused queue takes nothing: what is worked on goes on, what is put waits', async (lab) => {
  const work = async (item: string): Promise<void> => {
    await sleep(10);
    lab.noteTime(item);
  };
  await TaskQueue.run({ size: 2, workers: 2, work }, async (queue) => {
    await queue.put('a');
    await checkpoint();
    queue.pause();
    queue.pause();
    for (const item of ['b', 'c']) await queue.put(item);
    const { queued, running, isPaused } = queue.statistics();
    assert.deepEqual([queued, running, isPaused], [2, 1, true]);
    await sleep(1000);
    assert.deepEqual(await Promise.race([queue.put('d'), sleep(1000).then(() => 'full')]), 'full');
    queue.resume();
    assert.equal(queue.isPaused, false);
    await queue.join();
  });
  lab.saw('a(0.01s) {b(2.01s) c(2.01s)} d(2.02s)');
});

law('stop in a pause gives back what was not begun, at its limit', async () => {
  await TaskQueue.run({ size: 5, workers: 2, work: () => assert.fail('it began') }, async (queue) => {
    queue.pause();
    for (const item of [1, 2]) await queue.put(item);
    assert.deepEqual(await queue.stop(100), [1, 2]);
    assert.equal(queue.counts.returned, 2);
  });
});

law(
  'the statistics of a queue: sizes, the most there were, and for how long the oldest has waited',
  async () => {
    await TaskQueue.run({ size: 3, workers: 1, work: (ms: number) => sleep(ms) }, async (queue) => {
      const idle = queue.statistics();
      await queue.put(100);
      await checkpoint();
      await queue.put(10, { priority: 1 });
      await sleep(30);
      await queue.put(10, { priority: -1 });
      await queue.put(10);
      await taskGroup(async (group) => {
        group.startSoon(() => queue.put(10));
        await sleep(20);
        assert.deepEqual(queue.statistics(), {
          ...{ accepted: 4, queued: 3, running: 1, done: 0, failed: 0, returned: 0 },
          ...{ size: 3, workers: 1, putters: 1, peakQueued: 3, oldestMs: 50 },
          ...{ isPaused: false, isClosed: false },
        });
      });
      await queue.stop();
      const { oldestMs, peakQueued, isClosed } = queue.statistics();
      assert.deepEqual([idle.oldestMs, idle.peakQueued, oldestMs, peakQueued, isClosed], [0, 0, 0, 3, true]);
    });
  },
);

law('a priority that is not a number is refused', async () => {
  await TaskQueue.run({ size: 1, workers: 1, work: () => 1 }, (queue) => {
    assert.throws(() => void queue.put(1, { priority: Number.NaN }), RangeError);
    assert.equal(queue.counts.accepted, 0);
  });
});

law('work and onFailure have the async contexts of who put the item, and not its scope', async () => {
  const place = new AsyncLocalStorage<string>();
  const failures: unknown[] = [];
  const work = async (item: string): Promise<void> => {
    assert.equal(place.getStore(), item);
    await sleep(50);
    assert.equal(place.getStore(), item);
    throw new Error('a');
  };
  const onFailure = (item: string, error: unknown): void => {
    failures.push([item, place.getStore(), shape(error)]);
  };
  await TaskQueue.run({ size: 5, workers: 1, work, onFailure }, async (queue) => {
    const putter = new CancelScope({ timeoutMs: 10 });
    await putter.run(async () => {
      for (const item of ['x', 'y']) await place.run(item, () => queue.put(item));
      await sleepForever();
    });
    await queue.stop();
  });
  assert.deepEqual(failures, [
    ['x', 'x', 'a'],
    ['y', 'y', 'a'],
  ]);
});
