/** The name of who runs. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import {
  CancelScope,
  checkpoint,
  currentTask,
  Event,
  gather,
  Lock,
  moveOnAfter,
  openTasks,
  shield,
  sleep,
  systemClock,
  TaskManager,
  taskGroup,
  withClock,
} from '../../../../src/concurrency/index.ts';
import { law } from '../../../support/concurrency-lab.ts';

const worker = { name: 'worker', trail: 'shop > worker' };

/** Runs `work` as the task `worker` of the group `shop`. */
function asWorker(work: () => Promise<void>): Promise<unknown> {
  return taskGroup((group) => group.startSoon(work, { name: 'worker' }), { name: 'shop' });
}

law('currentTask() is undefined outside of any task, and in the body of an outermost group', async () => {
  assert.equal(currentTask(), undefined);
  await taskGroup(async () => {
    assert.equal(currentTask(), undefined);
    await new CancelScope().run(() => assert.equal(currentTask(), undefined));
  });
});

law('it is right from the first line, after every wait and every plain await, and in callees', async () => {
  const log = async (): Promise<void> => {
    await undefined;
    assert.deepEqual(currentTask(), worker);
  };
  await asWorker(async () => {
    assert.deepEqual(currentTask(), worker);
    await sleep(10);
    await log();
    await Promise.all([log(), Promise.resolve().then(log), sleep(5).then(log)]);
  });
});

law('scopes and shields inside a task do not change it', async () => {
  await asWorker(async () => {
    await shield(async () => {
      await checkpoint();
      assert.deepEqual(currentTask(), worker);
      await moveOnAfter(1000, () => assert.deepEqual(currentTask(), worker));
    });
    await new CancelScope({ name: 'gone' }).run(async (scope) => {
      scope.cancel();
      await checkpoint();
    });
    assert.deepEqual(currentTask(), worker);
  });
});

law(
  'in a nested group its body is still the task around it, and its tasks have the whole trail',
  async () => {
    await asWorker(async () => {
      await moveOnAfter(1000, () =>
        taskGroup(
          async (group) => {
            assert.deepEqual(currentTask(), worker);
            group.startSoon(
              () => assert.equal(currentTask()?.trail, 'shop > worker > moveOnAfter > parts > part'),
              {
                name: 'part',
              },
            );
            await group.start(async function ready({ started }) {
              assert.equal(currentTask()?.name, 'ready');
              await checkpoint();
              started();
              await checkpoint();
              assert.equal(currentTask()?.trail, 'shop > worker > moveOnAfter > parts > ready');
            });
            assert.deepEqual(currentTask(), worker);
          },
          { name: 'parts' },
        ),
      );
      assert.deepEqual(currentTask(), worker);
    });
  },
);

law('a task that is spawned into a group outside has the trail of that group', async () => {
  await taskGroup(
    async (shop) => {
      await asWorker(async () => {
        shop.startSoon(() => assert.deepEqual(currentTask(), { name: 'other', trail: 'outer > other' }), {
          name: 'other',
        });
      });
    },
    { name: 'outer' },
  );
});

law('the trail is the one that openTasks() gives', async () => {
  await asWorker(async () => {
    const waiting = new Event();
    const wait = waiting.wait();
    assert.deepEqual(openTasks(), [`${currentTask()?.trail} > event`]);
    waiting.set();
    await wait;
  });
});

law('siblings and two groups at once never see each other’s name', async () => {
  const seen: (string | undefined)[] = [];
  const note = (name: string) => async () => {
    for (let i = 0; i < 3; i++) {
      await sleep(10);
      seen.push(currentTask()?.name === name ? name : `${currentTask()?.name} instead of ${name}`);
    }
  };
  const group = (names: readonly string[]) =>
    taskGroup((tasks) => {
      for (const name of names) tasks.startSoon(note(name), { name });
    });
  await Promise.all([group(['a', 'b']), group(['c', 'd'])]);
  assert.deepEqual(seen, ['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd', 'a', 'b', 'c', 'd']);
});

law('patterns and managed tasks have names, too', async () => {
  await gather([
    async function first() {
      assert.deepEqual(currentTask(), { name: 'first', trail: 'gather > first' });
    },
  ]);
  await TaskManager.run({}, async (manager) => {
    await manager.spawn(() => assert.equal(currentTask()?.name, 'order-7'), { id: 'order-7' }).result;
  });
});

law('timers and reactions made inside have it; a listener has that of who emits', async () => {
  const emitter = new EventEmitter();
  const heard: (string | undefined)[] = [];
  await withClock(systemClock, () =>
    taskGroup(async (group) => {
      group.startSoon(
        async () => {
          const fired = new Event();
          emitter.on('event', () => heard.push(currentTask()?.name));
          // The scope is left before the timer fires; the task is not.
          await new CancelScope({ name: 'left' }).run(() => {
            setImmediate(() => {
              assert.equal(currentTask()?.name, 'timer');
              fired.set();
            });
          });
          await fired.wait();
        },
        { name: 'timer' },
      );
      group.startSoon(
        async () => {
          await checkpoint();
          emitter.emit('event');
        },
        { name: 'emitter' },
      );
    }),
  );
  assert.deepEqual(heard, ['emitter']);
});

law('a callback that outlives its task finds the name, and only that is left of the trail', async () => {
  const ended = new Event();
  const late: unknown[] = [];
  await asWorker(async () => {
    await moveOnAfter(1000, () => {
      setImmediate(() => {
        late.push(currentTask());
        ended.set();
      });
    });
  });
  await ended.wait();
  assert.deepEqual(late, [{ name: 'worker', trail: 'worker' }]);
});

law('LK-3 a callback that was made in a scope of the owner, since left, is still the owner', async () => {
  const lock = new Lock();
  await asWorker(async () => {
    await lock.acquire();
    const released = new Event();
    await new CancelScope().run(() => {
      setImmediate(() => {
        lock.release();
        released.set();
      });
    });
    await released.wait();
  });
  assert.equal(lock.isLocked, false);
});
