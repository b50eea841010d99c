/** One at a time, in the order of asking, by whoever owns it. */
import assert from 'node:assert/strict';
import {
  CancelScope,
  checkpoint,
  Lock,
  shield,
  sleep,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { cancels, type Lab, law, thrownBy, whole } from '../../../support/concurrency-lab.ts';

/** A task that has the lock for `ms`. */
function holder(lab: Lab, lock: Lock, name: string, ms: number): () => Promise<void> {
  return () =>
    lock.run(async () => {
      lab.note(`${name}.in`);
      await sleep(ms);
      lab.note(`${name}.out`);
    });
}

law('LK-1 a lock is had in the order in which it was asked for', async (lab) => {
  const lock = new Lock();
  await taskGroup((group) => {
    for (const name of ['A', 'B', 'C']) group.startSoon(holder(lab, lock, name, 10));
  });
  lab.saw('A.in A.out B.in B.out C.in C.out');
  assert.deepEqual(lock.statistics(), { isLocked: false, owner: undefined, waiting: 0 });
});

law('LK-2 release hands over: it stays locked, tryAcquire fails, the waiter is next', async (lab) => {
  const lock = new Lock();
  await taskGroup(async (group) => {
    assert.ok(lock.tryAcquire());
    group.startSoon(holder(lab, lock, 'waiter', 0), { name: 'waiter' });
    await checkpoint();
    assert.deepEqual(lock.statistics(), { isLocked: true, owner: undefined, waiting: 1 });
    lock.release();
    assert.deepEqual(lock.statistics(), { isLocked: true, owner: 'waiter', waiting: 0 });
    assert.equal(lock.tryAcquire(), false);
    await lock.run(() => lab.note('third'));
  });
  lab.saw('waiter.in waiter.out third');
});

law('LK-3 release by a task that does not own it throws', async () => {
  const lock = new Lock();
  assert.throws(() => lock.release(), /nobody has acquired it/);
  await taskGroup(async (group) => {
    await group.start(
      async ({ started }) => {
        await lock.acquire();
        started();
        await sleep(10);
        lock.release();
      },
      { name: 'owner' },
    );
    assert.throws(() => lock.release(), /task "owner" has it, not code outside any task/);
    group.startSoon(() => assert.throws(() => lock.release(), /task "owner" has it, not task "thief"/), {
      name: 'thief',
    });
  });
  assert.equal(lock.isLocked, false);
});

law(
  'LK-3 a second acquire by the owner throws, from within scopes, shields and groups of it too',
  async () => {
    const lock = new Lock();
    const again = async () =>
      assert.match(String(await thrownBy(lock.acquire())), /task "owner" has it already/);
    await taskGroup((group) => {
      group.startSoon(
        async () => {
          await lock.acquire();
          await again();
          await shield(again);
          await new CancelScope().run(again);
          await taskGroup(again);
          lock.release();
        },
        { name: 'owner' },
      );
    });
  },
);

law('LK-4 a cancelled waiter leaves the line; the next is served', async (lab) => {
  const lock = new Lock();
  await taskGroup(async (group) => {
    await lock.acquire();
    const scope = new CancelScope();
    group.startSoon(() => scope.run(holder(lab, lock, 'A', 0)));
    group.startSoon(holder(lab, lock, 'B', 0));
    await checkpoint();
    scope.cancel();
    lock.release();
  });
  lab.saw('B.in B.out');
});

law(
  'LK-5 handed over and cancelled in the same turn: it has the lock, and releases it on the way out',
  async (lab) => {
    const lock = new Lock();
    await taskGroup(async (group) => {
      await lock.acquire();
      const scope = new CancelScope();
      group.startSoon(() => scope.run(holder(lab, lock, 'A', 1000)));
      await checkpoint();
      lock.release();
      scope.cancel();
      await lock.run(() => lab.note('next'));
    });
    lab.saw('A.in next');
  },
);

law('LK-6 the callback form releases on error, and gives the value', async () => {
  const lock = new Lock();
  const error = new Error('inside');
  assert.equal(
    await thrownBy(
      lock.run(() => {
        throw error;
      }),
    ),
    error,
  );
  assert.equal(lock.isLocked, false);
  assert.equal(await lock.run(() => 7), 7);
});

law('LK-6 the callback form of who was cancelled before does not run, and holds nothing', async () => {
  const lock = new Lock();
  await whole(async (scope) => {
    scope.cancel();
    await cancels(lock.run(() => assert.fail('it ran')));
  });
  assert.equal(lock.isLocked, false);
});

law('X18 A holds for 1 s, B gives up at 0.5 s, C waits', async (lab) => {
  const lock = new Lock();
  await taskGroup((group) => {
    group.startSoon(holder(lab, lock, 'A', 1000));
    group.startSoon(async () => {
      await new CancelScope({ timeoutMs: 500 }).run(holder(lab, lock, 'B', 0));
      lab.note('B.gave-up');
    });
    group.startSoon(holder(lab, lock, 'C', 0));
  });
  lab.saw('A.in B.gave-up A.out C.in C.out');
});
