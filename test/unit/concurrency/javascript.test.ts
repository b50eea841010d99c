/** What JavaScript adds: foreign promises, thenables, rejections, timers. */
import assert from 'node:assert/strict';
import {
  boundedMap,
  CancelledError,
  CapacityLimiter,
  CompletionStream,
  Condition,
  checkpoint,
  Event,
  failAfter,
  gather,
  Lock,
  moveOnAfter,
  openTasks,
  Queue,
  race,
  retry,
  Semaphore,
  sleep,
  sleepForever,
  systemClock,
  TaskManager,
  TaskQueue,
  taskGroup,
  wait,
  watchdog,
  withClock,
} from '../../../src/concurrency/index.ts';
import { cancels, failAt, law, shape, thrownBy, whole } from '../../support/concurrency-lab.ts';

law(
  'JS-1 a plain await of a foreign promise is not interrupted; its task keeps the group open',
  async (lab) => {
    const foreign = new Promise<void>((resolve) => lab.clock.at(5000, resolve));
    await moveOnAfter(1000, () =>
      taskGroup((group) => {
        group.startSoon(async () => {
          await foreign;
          lab.noteTime('task');
        });
      }),
    );
    lab.saw('task(5s)');
  },
);

law('JS-2 if it never settles, the group never does; openTasks() names it', async () => {
  let finish = (): void => undefined;
  const foreign = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const group = taskGroup(
    (tasks) => {
      tasks.startSoon(() => foreign, { name: 'stuck' });
      tasks.startSoon(() => sleepForever(), { name: 'asleep' });
      tasks.cancel();
    },
    { name: 'work' },
  );
  await checkpoint();
  assert.deepEqual(openTasks(), ['work > stuck']);
  finish();
  await group;
});

law('JS-2 openTasks() names waits by their trail', async () => {
  await taskGroup(
    async (tasks) => {
      tasks.startSoon(() => sleep(500), { name: 'worker' });
      await checkpoint();
      assert.deepEqual(openTasks(), ['work > worker > sleep 500 ms']);
    },
    { name: 'work' },
  );
});

law('JS-3 no child and no start that nobody awaits causes an unhandled rejection', async (lab) => {
  await taskGroup(async (group) => {
    void group.start(() => Promise.reject(new Error('A')));
    void group.start(async () => undefined);
    void sleep(5000);
    void wait(new Promise(() => undefined));
    await sleep(1000);
    group.cancel();
    void group.start(() => sleepForever());
    void sleep(1000);
    void new Event().wait();
  });
  await sleep(1000);
  const error = await thrownBy(
    taskGroup((group) => {
      void group.start(() => sleepForever());
      group.startSoon(() => Promise.reject(new Error('B')));
      group.startSoon(() => Promise.reject(new Error('C')));
    }),
  );
  assert.equal(shape(error), '[B,C]');
  await sleep(1000);
  await lab.saw('');
});

law('JS-3 a foreign promise given up by wait() may reject later', async (lab) => {
  const foreign = new Promise((_, reject) => lab.clock.at(2000, () => reject(new Error('late'))));
  await moveOnAfter(1000, () => wait(foreign));
  await whole(async (scope) => {
    scope.cancel();
    await cancels(wait(Promise.reject(new Error('never seen'))));
  });
  await sleep(5000);
});

law('JS-4 a function that throws synchronously is one that rejects', async () => {
  const fail = (): never => {
    throw new Error('A');
  };
  assert.equal(shape(await thrownBy(taskGroup(fail))), '[A]');
  assert.equal(shape(await thrownBy(taskGroup((group) => group.startSoon(fail)))), '[A]');
  assert.equal(shape(await thrownBy(taskGroup((group) => group.start(fail)))), '[A]');
  assert.equal(shape(await thrownBy(whole(fail))), 'A');
  assert.equal(shape(await thrownBy(moveOnAfter(1000, fail))), 'A');
});

law('JS-4 one that is not async is a child that has ended', async () => {
  await taskGroup(async (group) => {
    group.startSoon(() => 7);
    group.startSoon(() => ({ not: 'a promise' }));
    await checkpoint();
    assert.deepEqual(openTasks(), ['group']);
  });
});

law('JS-5 thenables count as promises; only their first settling counts', async (lab) => {
  const thenable = <T>(value: T): PromiseLike<T> =>
    ({
      // biome-ignore lint/suspicious/noThenProperty: a thenable is the case tested
      then(resolve: (value: T) => void, reject: (error: unknown) => void) {
        lab.clock.at(1000, () => {
          resolve(value);
          resolve(value);
          reject(new Error('second'));
        });
      },
    }) as PromiseLike<T>;
  await taskGroup((group) => group.startSoon(() => thenable('child')));
  assert.equal(lab.clock.now(), 1000);
  assert.equal(await taskGroup(() => thenable('body') as Promise<string>), 'body');
  assert.equal(await wait(thenable('waited')), 'waited');
});

law('JS-7 a wake-up is never run inside set, put or cancel', async (lab) => {
  const event = new Event();
  const queue = new Queue<number>(0);
  const wakes = [() => event.wait(), () => queue.get(), () => sleepForever()];
  await taskGroup(async (group) => {
    for (const waiting of wakes) {
      group.startSoon(async () => {
        try {
          await waiting();
        } finally {
          lab.note('woken');
        }
      });
    }
    await checkpoint();
    event.set();
    assert.equal(queue.tryPut(1), true);
    group.cancel();
    lab.note('called');
  });
  lab.saw('called woken woken woken');
});

law('JS-7 nor inside a release or a notification', async (lab) => {
  const [lock, semaphore, limiter] = [new Lock(), new Semaphore(0), new CapacityLimiter(1)];
  const condition = new Condition();
  await lock.acquire();
  await limiter.acquireOnBehalfOf('other');
  await taskGroup(async (group) => {
    const waits = [
      () => lock.acquire(),
      () => semaphore.acquire(),
      () => limiter.acquire(),
      () => condition.run(() => condition.wait()),
    ];
    for (const waiting of waits) {
      group.startSoon(async () => {
        await waiting();
        lab.note('woken');
      });
    }
    await checkpoint();
    await condition.lock.acquire();
    lock.release();
    semaphore.release();
    limiter.releaseOnBehalfOf('other');
    condition.notify();
    condition.lock.release();
    lab.note('called');
  });
  lab.saw('called woken woken woken woken');
});

law('JS-3 no pattern that fails, is left or is cancelled causes an unhandled rejection', async (lab) => {
  const failing = [10, 20, 30].map((ms) => () => failAt(ms, `after ${ms}`));
  const stubborn = lab.cleaner('S', 50, () => assert.fail('clean-up'));
  const jobs = [...failing, stubborn];
  await thrownBy(gather(jobs));
  await gather(failing, { settle: true });
  await thrownBy(race(jobs));
  await thrownBy(boundedMap(jobs, 2, (job) => job()));
  await thrownBy(retry(failing[0]!));
  void new CompletionStream(jobs);
  const stream = new CompletionStream(jobs)[Symbol.asyncIterator]();
  void stream.next().catch(() => undefined);
  await sleep(100);
  await thrownBy(stream.return?.() ?? assert.fail());
  const slow = async () => {
    for await (const _ of new CompletionStream<unknown>([() => 1, ...failing])) await sleep(100);
  };
  await thrownBy(slow());
  await thrownBy(watchdog(() => failAt(10, 'read'), { source: 'feed', withinMs: 5 }));
  await thrownBy(watchdog(() => failAt(5, 'read'), { source: 'feed', withinMs: 10 }));
  await TaskManager.run({}, async (manager) => {
    for (const job of jobs) manager.spawn(() => job());
    void manager.outcome('task-1');
    void manager.close();
  });
  await TaskQueue.run(
    { size: 9, workers: 2, work: (job: () => Promise<unknown>) => job() },
    async (queue) => {
      for (const job of jobs) void queue.put(job);
      await sleep(15);
    },
  );
  await sleep(1000);
});

law('JS-8 a finished group, scope or wait holds no timer', async () => {
  const timers = (): number =>
    process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout' || kind === 'Immediate').length;
  await withClock(systemClock, async () => {
    await checkpoint();
    const before = timers();
    await failAfter(60_000, () => undefined);
    await taskGroup(async (group) => {
      group.startSoon(() => sleep(60_000));
      group.startSoon(() => failAfter(60_000, () => sleepForever()));
      await new Event().wait({ signal: AbortSignal.abort() }).catch(() => group.cancel());
    });
    assert.equal(timers(), before);
  });
});

law('CS-36 a foreign promise settled before the cancellation in the same turn is not lost', async () => {
  for (const first of ['settle', 'cancel'] as const) {
    let settle = (_: string): void => undefined;
    const foreign = new Promise<string>((resolve) => {
      settle = resolve;
    });
    await whole(async (scope) => {
      const waiting = wait(foreign);
      if (first === 'settle') settle('value');
      scope.cancel();
      settle('too late');
      if (first === 'settle') assert.equal(await waiting, 'value');
      else assert.ok((await thrownBy(waiting)) instanceof CancelledError);
    });
  }
});
