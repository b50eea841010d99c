/** Tokens that are borrowed. */
import assert from 'node:assert/strict';
import {
  CancelScope,
  CapacityLimiter,
  checkpoint,
  sleep,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { cancels, law, thrownBy, whole } from '../../../support/concurrency-lab.ts';

law(
  'CL-1 a borrower holds one token: borrowing again, or releasing what one does not hold, throws',
  async () => {
    const limiter = new CapacityLimiter(3);
    await taskGroup((group) => {
      group.startSoon(
        async () => {
          assert.throws(() => limiter.release(), /task "worker" has none/);
          await limiter.acquire();
          assert.match(String(await thrownBy(limiter.acquire())), /task "worker" has one already/);
          assert.throws(() => limiter.tryAcquire(), /task "worker" has one already/);
          assert.equal(limiter.borrowed, 1);
          limiter.release();
          assert.throws(() => limiter.release(), /task "worker" has none/);
        },
        { name: 'worker' },
      );
    });
    assert.equal(limiter.borrowed, 0);
  },
);

law('CL-1 who waits twice for one borrower gets one token, and an error', async () => {
  const limiter = new CapacityLimiter(2);
  await taskGroup(async (group) => {
    for (const other of ['x', 'y']) await limiter.acquireOnBehalfOf(other);
    group.startSoon(() => limiter.acquireOnBehalfOf('twice'));
    group.startSoon(async () => {
      const error = await thrownBy(limiter.acquireOnBehalfOf('twice'));
      assert.match(String(error), /borrower "twice" has one already/);
    });
    await checkpoint();
    for (const other of ['x', 'y']) limiter.releaseOnBehalfOf(other);
  });
  assert.deepEqual(limiter.statistics(), { total: 2, borrowed: 1, available: 1, waiting: 0 });
});

law('CL-2 acquireOnBehalfOf counts the one named, not the task', async () => {
  const limiter = new CapacityLimiter(2);
  const connection = {};
  await taskGroup((group) => {
    group.startSoon(async () => {
      await limiter.acquireOnBehalfOf(connection);
      await limiter.acquire();
      assert.equal(limiter.borrowed, 2);
    });
  });
  assert.match(String(await thrownBy(limiter.acquireOnBehalfOf(connection))), /the borrower has one already/);
  limiter.releaseOnBehalfOf(connection);
  assert.equal(limiter.available, 1);
});

law('CL-3 a raised total wakes those who wait, first come, first served', async (lab) => {
  const limiter = new CapacityLimiter(1);
  await taskGroup(async (group) => {
    await limiter.acquireOnBehalfOf('first');
    for (const name of ['A', 'B', 'C']) {
      group.startSoon(() =>
        limiter.run(async () => {
          lab.note(name);
          await sleep(10);
        }),
      );
    }
    await checkpoint();
    assert.equal(limiter.statistics().waiting, 3);
    limiter.total = 3;
    await sleep(5);
    lab.note('later');
  });
  lab.saw('A B later C');
});

law(
  'CL-4 a lowered total revokes nothing: available may be negative, and nobody enters until it is positive',
  async (lab) => {
    const limiter = new CapacityLimiter(3);
    await taskGroup(async (group) => {
      for (const name of ['x', 'y', 'z']) await limiter.acquireOnBehalfOf(name);
      limiter.total = 1;
      assert.deepEqual(limiter.statistics(), { total: 1, borrowed: 3, available: -2, waiting: 0 });
      group.startSoon(() => limiter.run(() => lab.note('in')));
      for (const name of ['x', 'y', 'z']) {
        await checkpoint();
        lab.note(name);
        limiter.releaseOnBehalfOf(name);
      }
    });
    lab.saw('x y z in');
  },
);

law('CL-5 a total is a whole number >= 0 or Infinity', async () => {
  for (const total of [-1, 1.5, Number.NaN]) {
    assert.throws(() => new CapacityLimiter(total), RangeError);
    const limiter = new CapacityLimiter(2);
    assert.throws(() => {
      limiter.total = total;
    }, RangeError);
    assert.equal(limiter.total, 2);
  }
  assert.ok(new CapacityLimiter(Number.POSITIVE_INFINITY).tryAcquire());
});

law('CL-5 a total of 0 pauses: who has a token keeps it, nobody enters until it is raised', async (lab) => {
  const limiter = new CapacityLimiter(0);
  assert.equal(limiter.tryAcquireOnBehalfOf('early'), false);
  limiter.total = 2;
  await taskGroup(async (group) => {
    await limiter.acquireOnBehalfOf('before');
    limiter.total = 0;
    for (const name of ['A', 'B', 'C']) group.startSoon(() => limiter.run(() => lab.note(name)));
    await sleep(1000);
    limiter.releaseOnBehalfOf('before');
    await sleep(1000);
    assert.deepEqual(limiter.statistics(), { total: 0, borrowed: 0, available: 0, waiting: 3 });
    lab.note('raised');
    limiter.total = 1;
  });
  lab.saw('raised A B C');
});

law('a paused limiter lends nothing whatever its total is, and goes on in order', async (lab) => {
  const limiter = new CapacityLimiter(1);
  await taskGroup(async (group) => {
    limiter.pause();
    limiter.pause();
    assert.equal(limiter.tryAcquire(), false);
    for (const name of ['A', 'B']) group.startSoon(() => limiter.run(() => lab.note(name)));
    await sleep(1000);
    limiter.total = 5;
    await sleep(1000);
    assert.deepEqual([limiter.isPaused, limiter.statistics().waiting], [true, 2]);
    lab.note('resumed');
    limiter.resume();
    assert.equal(limiter.isPaused, false);
  });
  lab.saw('resumed A B');
});

law('CL-6 run borrows for that very call: calls side by side in one task are as many borrowers', async () => {
  const limiter = new CapacityLimiter(2);
  let most = 0;
  const pool = () =>
    Promise.all(
      [1, 2, 3, 4].map((n) =>
        limiter.run(async () => {
          most = Math.max(most, limiter.borrowed);
          await sleep(10);
          return n;
        }),
      ),
    );
  assert.deepEqual(await pool(), [1, 2, 3, 4]);
  await taskGroup((group) => {
    group.startSoon(async () => assert.deepEqual(await pool(), [1, 2, 3, 4]));
  });
  assert.deepEqual([most, limiter.borrowed], [2, 0]);
});

law('CL-6 run beside acquire in one task takes a token of its own, and gives back that one', async () => {
  const limiter = new CapacityLimiter(2);
  await taskGroup((group) => {
    group.startSoon(async () => {
      await limiter.acquire();
      await limiter.run(async () => {
        assert.equal(limiter.borrowed, 2);
        limiter.release();
        assert.equal(limiter.borrowed, 1);
        await checkpoint();
      });
      assert.throws(() => limiter.release(), /has none/);
    });
  });
  assert.equal(limiter.borrowed, 0);
});

law('a cancelled waiter has borrowed nothing and is forgotten', async () => {
  const limiter = new CapacityLimiter(1);
  await limiter.acquireOnBehalfOf('other');
  await whole(async (scope) => {
    const waiting = limiter.acquireOnBehalfOf('me');
    scope.cancel();
    limiter.releaseOnBehalfOf('other');
    await cancels(waiting);
  });
  assert.deepEqual(limiter.statistics(), { total: 1, borrowed: 0, available: 1, waiting: 0 });
});

law('code outside any task borrows as often as there are tokens', async () => {
  const limiter = new CapacityLimiter(2);
  await limiter.acquire();
  await limiter.acquire();
  assert.equal(limiter.tryAcquire(), false);
  const waiting = new CancelScope({ timeoutMs: 10 });
  await waiting.run(() => limiter.acquire());
  assert.ok(waiting.cancelledCaught);
  limiter.release();
  limiter.release();
  assert.throws(() => limiter.release(), /code outside any task has none/);
});
