/** Permits without owners. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CancelScope, checkpoint, Semaphore, sleep, taskGroup } from '../../../../src/concurrency/index.ts';
import { assertAsyncProperty } from '../../../support/assert-property.ts';
import { cancels, law, thrownBy, whole } from '../../../support/concurrency-lab.ts';

law('SM-1 never more than its value inside, first come, first served', async (lab) => {
  const semaphore = new Semaphore(2);
  let inside = 0;
  await taskGroup((group) => {
    for (const name of ['A', 'B', 'C', 'D', 'E']) {
      group.startSoon(() =>
        semaphore.run(async () => {
          lab.note(name);
          inside += 1;
          assert.ok(inside <= 2);
          await sleep(10);
          inside -= 1;
        }),
      );
    }
  });
  lab.saw('A B C D E');
  assert.deepEqual(semaphore.statistics(), { value: 2, waiting: 0 });
});

law('SM-2 release hands over: the value stays 0, nobody slips in', async (lab) => {
  const semaphore = new Semaphore(1);
  await taskGroup(async (group) => {
    await semaphore.acquire();
    group.startSoon(() => semaphore.run(() => lab.note('waiter')));
    await checkpoint();
    assert.deepEqual(semaphore.statistics(), { value: 0, waiting: 1 });
    semaphore.release();
    assert.equal(semaphore.value, 0);
    assert.equal(semaphore.tryAcquire(), false);
    await semaphore.run(() => lab.note('later'));
  });
  lab.saw('waiter later');
});

law('SM-3 any task may release', async () => {
  const semaphore = new Semaphore(0);
  await taskGroup(async (group) => {
    group.startSoon(() => semaphore.release());
    await semaphore.acquire();
  });
  assert.equal(semaphore.value, 0);
});

law('SM-4 a release over max throws, and changes nothing', async () => {
  const semaphore = new Semaphore(1, { max: 1 });
  assert.throws(() => semaphore.release(), /its value is 1, and max is 1/);
  assert.ok(semaphore.tryAcquire());
  semaphore.release();
  assert.equal(semaphore.value, 1);
});

law('SM-4 a negative or fractional value throws, and so does one over max', async () => {
  for (const value of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => new Semaphore(value), RangeError);
  }
  assert.throws(() => new Semaphore(3, { max: 2 }), RangeError);
  assert.throws(() => new Semaphore(3, { max: Number.NaN }), RangeError);
});

law('a cancelled acquire has taken nothing, one that was satisfied before keeps its permit', async () => {
  const semaphore = new Semaphore(0);
  await whole(async (scope) => {
    const waiting = semaphore.acquire();
    scope.cancel();
    semaphore.release();
    await cancels(waiting);
    await cancels(semaphore.acquire());
  });
  assert.equal(semaphore.value, 1);
  await whole(async (scope) => {
    semaphore.tryAcquire();
    const waiting = semaphore.acquire();
    semaphore.release();
    scope.cancel();
    await waiting;
  });
  assert.equal(semaphore.value, 0);
});

law('a failing block gives its permit back', async () => {
  const semaphore = new Semaphore(1);
  const error = new Error('inside');
  assert.equal(await thrownBy(semaphore.run(() => Promise.reject(error))), error);
  assert.equal(semaphore.value, 1);
});

law('under random cancels no permit is lost and none is there twice', async () => {
  const user = fc.record({ atMs: fc.nat(6), forMs: fc.nat(4), cancelAtMs: fc.nat(8) });
  await assertAsyncProperty(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(user, { maxLength: 12 }),
      async (value, users) => {
        const semaphore = new Semaphore(value, { max: value });
        let inside = 0;
        await taskGroup((group) => {
          for (const { atMs, forMs, cancelAtMs } of users) {
            group.startSoon(async () => {
              await sleep(atMs);
              await new CancelScope({ timeoutMs: cancelAtMs }).run(() =>
                semaphore.run(async () => {
                  inside += 1;
                  assert.ok(inside <= value);
                  try {
                    await sleep(forMs);
                  } finally {
                    inside -= 1;
                  }
                }),
              );
            });
          }
        });
        assert.deepEqual(semaphore.statistics(), { value, waiting: 0 });
      },
    ),
    { numRuns: 300 },
  );
});
