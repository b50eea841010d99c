/** Tasks with ids. */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import fc from 'fast-check';
import {
  CancelScope,
  checkpoint,
  failAfter,
  moveOnAfter,
  shield,
  sleep,
  sleepForever,
  TaskCancelledError,
  type TaskCounts,
  TaskManager,
  TimeoutError,
} from '../../../../src/concurrency/index.ts';
import { assertAsyncProperty } from '../../../support/assert-property.ts';
import { cancels, failAt, law, shape, thrownBy, whole } from '../../../support/concurrency-lab.ts';

function addsUp({ total, ...states }: TaskCounts): boolean {
  const counts = Object.values(states);
  return counts.every((count) => count >= 0) && counts.reduce((sum, count) => sum + count) === total;
}

law('TM-1 a known id throws, and the function was not called', async () => {
  await TaskManager.run({}, async (manager) => {
    const first = manager.spawn(() => 1, { id: 'a' });
    assert.throws(() => manager.spawn(() => assert.fail('called'), { id: 'a' }), /one with this id already/);
    assert.equal(await first.result, 1);
    assert.throws(() => manager.spawn(() => assert.fail('called'), { id: 'a' }), /one with this id already/);
    manager.spawn(() => undefined, { id: 'task-1' });
    assert.equal(manager.spawn(() => undefined).id, 'task-2');
    assert.equal(manager.counts.total, 3);
  });
});

law('TM-2 pending until a slot is free, then running: never more than maxConcurrency', async () => {
  await TaskManager.run({ maxConcurrency: 2 }, async (manager) => {
    const handles = ['a', 'b', 'c'].map((id) => manager.spawn(() => sleep(10), { id }));
    await checkpoint();
    assert.deepEqual(
      handles.map(({ state }) => state),
      ['running', 'running', 'pending'],
    );
    assert.equal(manager.get('c')?.startedMs, undefined);
    await sleep(15);
    assert.deepEqual(
      handles.map(({ state }) => state),
      ['completed', 'completed', 'running'],
    );
    assert.equal(manager.get('c')?.startedMs, 10);
    await manager.close();
  });
  for (const maxConcurrency of [0, 0.5, Number.NaN]) {
    const made = TaskManager.run({ maxConcurrency }, () => assert.fail('called'));
    assert.ok((await thrownBy(made)) instanceof RangeError);
  }
});

law(
  'TM-2 TM-3 TM-6 at any moment the counts add up, and every final state has its end, for any tasks',
  async () => {
    const task = fc.record({
      atMs: fc.nat(10),
      forMs: fc.nat(10),
      fails: fc.boolean(),
      timeoutMs: fc.option(fc.nat(12), { nil: undefined }),
      cancelAtMs: fc.option(fc.nat(20), { nil: undefined }),
    });
    await assertAsyncProperty(
      fc.asyncProperty(
        fc.array(task, { maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (tasks, maxConcurrency) => {
          await TaskManager.run({ maxConcurrency }, async (manager) => {
            const look = (): void => {
              const { counts } = manager;
              assert.ok(addsUp(counts), JSON.stringify(counts));
              assert.ok(counts.running <= maxConcurrency);
              const states = manager.list().map(({ state }) => state);
              assert.equal(states.filter((state) => state === 'running').length, counts.running);
            };
            let inside = 0;
            const spawned = tasks.map(async ({ atMs, forMs, fails, timeoutMs, cancelAtMs }) => {
              await sleep(atMs);
              const handle = manager.spawn(
                async () => {
                  inside += 1;
                  assert.ok(inside <= maxConcurrency);
                  look();
                  try {
                    await sleep(forMs);
                    look();
                    if (fails) throw new Error('failed');
                  } finally {
                    inside -= 1;
                  }
                },
                { timeoutMs },
              );
              look();
              if (cancelAtMs !== undefined) {
                await sleep(cancelAtMs);
                handle.cancel();
              }
              await handle.result.then(look, look);
            });
            await Promise.all(spawned);
            await manager.close();
            for (const { state, endedMs, startedMs, createdMs, error } of manager.list()) {
              assert.ok(endedMs !== undefined && endedMs >= (startedMs ?? createdMs));
              assert.equal(error === undefined, state === 'completed');
            }
            const { pending, running, total } = manager.counts;
            assert.deepEqual([pending, running, total], [0, 0, tasks.length]);
          });
        },
      ),
      { numRuns: 200 },
    );
  },
);

law('TM-4 the timeout counts from running; 0 is a timeout of 0', async (lab) => {
  await TaskManager.run({ maxConcurrency: 1, timeoutMs: 100 }, async (manager) => {
    const first = manager.spawn(() => sleep(80));
    const second = manager.spawn(() => sleep(80));
    await second.result;
    assert.equal(lab.clock.now(), 160);
    assert.equal(first.state, 'completed');
    const none = manager.spawn(() => sleep(1), { timeoutMs: 0 });
    assert.ok((await thrownBy(none.result)) instanceof TimeoutError);
    assert.equal(none.state, 'timed-out');
    assert.equal(await manager.spawn(() => 'no wait', { timeoutMs: 0 }).result, 'no wait');
    assert.throws(() => manager.spawn(() => 1, { timeoutMs: Number.NaN }), RangeError);
  });
});

law('TM-5 timed-out only if our deadline passed: a task with its own TimeoutError has failed', async () => {
  await TaskManager.run({}, async (manager) => {
    const own = manager.spawn(() => failAfter(10, sleepForever), { id: 'own', timeoutMs: 1000 });
    const error = await thrownBy(own.result);
    assert.ok(error instanceof TimeoutError);
    assert.equal(own.state, 'failed');
    assert.equal(manager.get('own')?.error, error);
    const ours = manager.spawn(() => failAfter(1000, sleepForever), { timeoutMs: 10 });
    assert.match(shape(await thrownBy(ours.result)), /^Task "task-1" timed out after 10 ms$/);
    assert.equal(ours.state, 'timed-out');
    const both = manager.spawn(() => shield(() => failAt(20, 'in the clean-up')), { timeoutMs: 10 });
    assert.equal(shape(await thrownBy(both.result)), 'in the clean-up');
    assert.equal(both.state, 'failed');
  });
});

law('TM-7 the handle rejects for failed, cancelled and timed out; not looking at it is allowed', async () => {
  await TaskManager.run({}, async (manager) => {
    for (const id of ['seen', 'unseen']) {
      manager.spawn(() => failAt(1, 'x'), { id: `${id} failed` });
      manager.spawn(sleepForever, { id: `${id} cancelled` }).cancel('enough');
      manager.spawn(sleepForever, { id: `${id} timed out`, timeoutMs: 1 });
    }
    const cancelled = manager.spawn(sleepForever, { id: 'c' });
    cancelled.cancel('enough');
    const error = await thrownBy(cancelled.result);
    assert.ok(error instanceof TaskCancelledError);
    assert.deepEqual(
      [error.id, error.reason, error.message],
      ['c', 'enough', 'Task "c" was cancelled: enough'],
    );
    await manager.close();
    assert.deepEqual(manager.counts, {
      total: 7,
      pending: 0,
      running: 0,
      completed: 0,
      failed: 2,
      cancelled: 3,
      timedOut: 2,
    });
  });
});

law('TM-8 the failure of one task leaves the others alone', async () => {
  await TaskManager.run({}, async (manager) => {
    const other = manager.spawn(() => sleep(100).then(() => 'fine'));
    assert.equal(shape(await thrownBy(manager.spawn(() => failAt(10, 'a')).result)), 'a');
    assert.equal(await other.result, 'fine');
  });
});

law('TM-9 cancelAll also cancels the pending, which never run', async () => {
  await TaskManager.run({ maxConcurrency: 1 }, async (manager) => {
    const running = manager.spawn(sleepForever);
    const pending = manager.spawn(() => assert.fail('it ran'));
    await checkpoint();
    assert.deepEqual(await manager.cancelAll(), []);
    assert.deepEqual([running.state, pending.state], ['cancelled', 'cancelled']);
    assert.equal(manager.get(pending.id)?.startedMs, undefined);
  });
});

law('TM-9 one that was cancelled before it began never runs, though there is a slot', async () => {
  await TaskManager.run({}, async (manager) => {
    const early = manager.spawn(() => assert.fail('it ran'));
    early.cancel();
    await thrownBy(early.result);
    assert.equal(early.state, 'cancelled');
  });
});

law(
  'TM-10 cancelAll resolves when all have ended, or at its limit with the ids of those that have not',
  async (lab) => {
    await TaskManager.run({}, async (manager) => {
      manager.spawn(sleepForever, { id: 'quick' });
      manager.spawn(lab.cleaner('stubborn', 500), { id: 'stubborn' });
      await checkpoint();
      assert.deepEqual(await manager.cancelAll(100), ['stubborn']);
      assert.equal(lab.clock.now(), 100);
      assert.deepEqual(await manager.cancelAll(1000), []);
      assert.equal(lab.clock.now(), 500);
    });
  },
);

law('TM-11 after close, spawn throws; a second close awaits the same end', async (lab) => {
  await TaskManager.run({}, async (manager) => {
    const task = manager.spawn(() => sleep(50));
    const closing = ['first', 'second'].map(async (name) => {
      await manager.close();
      lab.noteTime(name);
    });
    assert.throws(() => manager.spawn(() => assert.fail('called')), /the manager is closed/);
    await Promise.all(closing);
    lab.saw('first(0.05s) second(0.05s)');
    assert.equal(task.state, 'completed');
    assert.ok(manager.isClosed);
  });
});

law('TM-12 final tasks can be forgotten: their id is free then, and the counts stay', async () => {
  await TaskManager.run({ keep: 2 }, async (manager) => {
    const open = manager.spawn(sleepForever, { id: 'open' });
    assert.equal(manager.forget('open'), false);
    await manager.spawn(() => 1, { id: 'a' }).result;
    assert.equal(manager.forget('a'), true);
    assert.equal(manager.forget('a'), false);
    assert.equal(await manager.spawn(() => 2, { id: 'a' }).result, 2);
    for (const id of ['b', 'c', 'd']) await manager.spawn(() => id, { id }).result;
    assert.deepEqual(
      manager.list().map(({ id }) => id),
      ['open', 'c', 'd'],
    );
    assert.equal(manager.counts.completed, 5);
    assert.equal(open.state, 'running');
  });
});

law('TM-13 leaving the scope of the manager cancels and awaits every task', async (lab) => {
  const handle = await TaskManager.run({}, async (manager) => {
    const task = manager.spawn(lab.cleaner('A', 500));
    await checkpoint();
    return task;
  });
  lab.saw('A.cancelled A.cleaned');
  assert.equal(handle.state, 'cancelled');
  assert.equal(lab.clock.now(), 500);
});

law('TM-13 a cancellation from outside ends tasks and body, and goes on', async (lab) => {
  await whole(async (scope) => {
    let counts: (() => TaskCounts) | undefined;
    const running = TaskManager.run({}, async (manager) => {
      counts = () => manager.counts;
      manager.spawn(lab.cleaner('A', 500));
      await sleepForever();
    });
    await sleep(10);
    scope.cancel();
    await cancels(running);
    lab.saw('A.cancelled A.cleaned');
    assert.equal(counts?.().cancelled, 1);
  });
});

law('TM-13 a body that fails still awaits its tasks', async (lab) => {
  const error = await thrownBy(
    TaskManager.run({}, async (manager) => {
      manager.spawn(lab.cleaner('A', 5));
      await checkpoint();
      throw new Error('body');
    }),
  );
  assert.equal(shape(error), '[body]');
  lab.saw('A.cancelled A.cleaned');
});

law('the signal of a task aborts when it is cancelled and when its time is over', async () => {
  await TaskManager.run({}, async (manager) => {
    const signals: AbortSignal[] = [];
    const wait = async ({ signal }: { readonly signal: AbortSignal }): Promise<void> => {
      signals.push(signal);
      await sleepForever();
    };
    manager.spawn(wait, { timeoutMs: 10 });
    const second = manager.spawn(wait);
    await moveOnAfter(20, sleepForever);
    second.cancel();
    await new CancelScope().run(() => manager.close());
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, true],
    );
  });
});

law('of the tasks that wait for a slot the most urgent is next, and of equal ones the first', async (lab) => {
  await TaskManager.run({ maxConcurrency: 1 }, async (manager) => {
    const spawn = (id: string, priority?: number) =>
      manager.spawn(
        async () => {
          lab.note(id);
          await sleep(10);
        },
        { id, priority },
      );
    spawn('running', 100);
    await checkpoint();
    spawn('a');
    spawn('b');
    spawn('later', 1);
    spawn('first', -1);
    const never = spawn('never', -2);
    assert.equal(manager.get('first')?.priority, -1);
    await checkpoint();
    never.cancel();
    await manager.close();
    assert.throws(() => spawn('c'), /closed/);
  });
  lab.saw('running first a b later');
  await TaskManager.run({}, (manager) => {
    assert.throws(() => manager.spawn(() => assert.fail('called'), { priority: Number.NaN }), RangeError);
  });
});

law('of tasks that are spawned in one turn the most urgent has the free slot', async (lab) => {
  await TaskManager.run({ maxConcurrency: 1 }, async (manager) => {
    for (const priority of [2, 1, 0]) manager.spawn(() => lab.note(`p${priority}`), { priority });
    await manager.close();
  });
  lab.saw('p0 p1 p2');
});

law('a paused manager begins nothing: what runs goes on, what is spawned waits', async (lab) => {
  for (const maxConcurrency of [1, Number.POSITIVE_INFINITY]) {
    await TaskManager.run({ maxConcurrency }, async (manager) => {
      const running = manager.spawn(() => sleep(10));
      await checkpoint();
      manager.pause();
      manager.pause();
      const waiting = manager.spawn(() => lab.note('began'));
      const cancelled = manager.spawn(() => assert.fail('it ran'));
      await running.result;
      await sleep(1000);
      cancelled.cancel();
      await cancelled.wait();
      assert.deepEqual([manager.isPaused, waiting.state, cancelled.state], [true, 'pending', 'cancelled']);
      assert.equal(manager.counts.pending, 1);
      lab.note('resumed');
      manager.resume();
      await manager.close();
      assert.equal(manager.isPaused, false);
    });
    lab.saw('resumed began');
    lab.events.length = 0;
  }
});

law('the work of a task has the async contexts of who spawned it, and not its scope', async () => {
  const place = new AsyncLocalStorage<string>();
  await TaskManager.run({ maxConcurrency: 1 }, async (manager) => {
    const spawn = (name: string) =>
      manager.spawn(async () => {
        await sleep(50);
        return place.getStore() === name;
      });
    const spawner = new CancelScope({ timeoutMs: 10 });
    const handles = await spawner.run(() => ['a', 'b'].map((name) => place.run(name, () => spawn(name))));
    spawner.cancel();
    assert.deepEqual(await Promise.all((handles ?? []).map(({ result }) => result)), [true, true]);
  });
});
