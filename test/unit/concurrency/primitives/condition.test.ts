/** Waiting for a change of what a lock protects. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  CancelScope,
  Condition,
  checkpoint,
  isCancelled,
  Lock,
  sleep,
  type TaskGroup,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { assertAsyncProperty } from '../../../support/assert-property.ts';
import { cancels, type Lab, law, shape, thrownBy, whole } from '../../../support/concurrency-lab.ts';

/** Starts a task that waits for the condition once, and says so when it goes on. */
function waiter(
  lab: Lab,
  group: TaskGroup,
  condition: Condition,
  name: string,
  scope = new CancelScope(),
): void {
  group.startSoon(
    () =>
      scope.run(() =>
        condition.run(async () => {
          await condition.wait();
          condition.lock.assertOwned('go on');
          lab.note(name);
        }),
      ),
    { name },
  );
}

law('CD-1 wait and notify without the lock throw', async () => {
  const condition = new Condition();
  assert.throws(() => condition.notify(), /Cannot notify the condition: nobody has acquired it/);
  assert.throws(() => condition.notifyAll(), /Cannot notify/);
  assert.match(String(await thrownBy(condition.wait())), /Cannot wait for the condition: nobody/);
  await taskGroup(async (group) => {
    await condition.lock.acquire();
    group.startSoon(() => assert.throws(() => condition.notify(), /code outside any task has it, not task/), {
      name: 'other',
    });
    await checkpoint();
    condition.lock.release();
  });
});

law('CD-2 wait gives the lock back, and has it again when it returns', async (lab) => {
  const condition = new Condition(new Lock());
  await taskGroup(async (group) => {
    waiter(lab, group, condition, 'woken');
    await checkpoint();
    assert.deepEqual(condition.statistics(), {
      lock: { isLocked: false, owner: undefined, waiting: 0 },
      waiting: 1,
    });
    await condition.run(() => condition.notify());
  });
  lab.saw('woken');
  assert.equal(condition.lock.isLocked, false);
});

law('CD-3 a notified waiter runs only once the notifier has released', async (lab) => {
  const condition = new Condition();
  await taskGroup(async (group) => {
    waiter(lab, group, condition, 'woken');
    await checkpoint();
    await condition.run(async () => {
      condition.notify();
      await sleep(1000);
      lab.note('released');
    });
  });
  lab.saw('released woken');
});

law('CD-4 notify(n) wakes n in the order in which they came; notifyAll all', async (lab) => {
  const condition = new Condition();
  await taskGroup(async (group) => {
    for (const name of ['A', 'B', 'C', 'D', 'E']) waiter(lab, group, condition, name);
    await checkpoint();
    await condition.run(() => condition.notify(2));
    await checkpoint();
    lab.note('two');
    await condition.run(() => condition.notifyAll());
  });
  lab.saw('A B two C D E');
});

law('CD-5 a cancelled wait takes the lock again, shielded, before it throws', async (lab) => {
  const condition = new Condition();
  await taskGroup(async (group) => {
    const scope = new CancelScope();
    group.startSoon(() =>
      scope.run(() =>
        condition.run(async () => {
          const error = await thrownBy(condition.wait());
          assert.ok(isCancelled(error));
          condition.lock.assertOwned('clean up');
          lab.note('thrown');
          throw error;
        }),
      ),
    );
    await checkpoint();
    await condition.run(async () => {
      scope.cancel();
      await sleep(1000);
      lab.note('released');
    });
  });
  lab.saw('released thrown');
  assert.equal(condition.lock.isLocked, false);
});

law('CD-5 in a scope that is cancelled already wait throws, and the lock was never given back', async () => {
  const condition = new Condition();
  await whole(async (scope) => {
    await condition.run(async () => {
      scope.cancel();
      const waiting = condition.wait();
      assert.equal(condition.lock.isLocked, true);
      await cancels(waiting);
      condition.lock.assertOwned('go on');
    });
  });
  assert.equal(condition.lock.isLocked, false);
});

law('CD-6 cancelled before the notification: the next waiter gets it', async (lab) => {
  const condition = new Condition();
  await taskGroup(async (group) => {
    const scope = new CancelScope();
    waiter(lab, group, condition, 'A', scope);
    waiter(lab, group, condition, 'B');
    await checkpoint();
    await condition.run(() => {
      scope.cancel();
      condition.notify();
    });
  });
  lab.saw('B');
});

law('CD-7 notified, then cancelled before it has the lock: passed on to the next waiter', async (lab) => {
  const condition = new Condition();
  await taskGroup(async (group) => {
    const scope = new CancelScope();
    waiter(lab, group, condition, 'A', scope);
    waiter(lab, group, condition, 'B');
    await checkpoint();
    await condition.run(async () => {
      condition.notify();
      await checkpoint();
      scope.cancel();
      await sleep(10);
    });
  });
  lab.saw('B');
});

law('CD-6 CD-7 under random cancels every item that was announced is taken', async () => {
  const consumer = fc.record({ cancelAtMs: fc.nat(10) });
  await assertAsyncProperty(
    fc.asyncProperty(
      fc.array(consumer, { maxLength: 6 }),
      fc.array(fc.nat(8), { maxLength: 6 }),
      async (impatient, puts) => {
        const condition = new Condition();
        const items: number[] = [];
        let taken = 0;
        let calls = 0;
        const take = () =>
          condition.run(async () => {
            if (calls++ % 2 === 0) while (items.length === 0) await condition.wait();
            else await condition.waitFor(() => items.length > 0);
            items.pop();
            taken += 1;
          });
        await taskGroup((group) => {
          for (const { cancelAtMs } of impatient) {
            group.startSoon(() => new CancelScope({ timeoutMs: cancelAtMs }).run(take));
          }
          // As many patient ones as there are items: none may be left over for want of a notification.
          for (const ms of puts) {
            group.startSoon(take);
            group.startSoon(async () => {
              await sleep(ms);
              await condition.run(async () => {
                items.push(ms);
                condition.notify();
                await sleep(1);
              });
            });
          }
          group.startSoon(async () => {
            await sleep(100);
            assert.equal(taken, puts.length, shape(new Error(`${taken} of ${puts.length} taken`)));
            group.cancel();
          });
        });
        assert.equal(condition.lock.isLocked, false);
      },
    ),
    { numRuns: 300 },
  );
});

law('waitFor gives the first truthy value, at once if there is one, and has the lock', async (lab) => {
  const condition = new Condition();
  let item: string | undefined;
  assert.match(shape(await thrownBy(condition.waitFor(() => true))), /nobody has acquired it/);
  await taskGroup(async (group) => {
    group.startSoon(() =>
      condition.run(async () => {
        const found: string = await condition.waitFor(() => {
          condition.lock.assertOwned('look');
          return item;
        });
        condition.lock.assertOwned('go on');
        lab.note(found);
        assert.equal(await condition.waitFor(() => 5), 5);
      }),
    );
    for (const next of ['', 'there', 'late']) {
      await checkpoint();
      await condition.run(() => {
        item = next;
        condition.notifyAll();
      });
    }
  });
  lab.saw('there');
});

law('waitFor in a cancelled scope throws though its predicate holds, and leaves the lock alone', async () => {
  const condition = new Condition();
  await whole(async (scope) => {
    await condition.run(async () => {
      scope.cancel();
      await cancels(condition.waitFor(() => assert.fail('asked')));
      condition.lock.assertOwned('go on');
    });
  });
  assert.equal(condition.lock.isLocked, false);
});

law('waitFor rejects with what its predicate throws, and refuses one that is async', async () => {
  const condition = new Condition();
  await condition.run(async () => {
    const failing = condition.waitFor(() => {
      throw new Error('a');
    });
    assert.equal(shape(await thrownBy(failing)), 'a');
    for (const predicate of [async () => true, () => Promise.reject(new Error('b'))]) {
      assert.ok((await thrownBy(condition.waitFor(predicate))) instanceof TypeError);
    }
    condition.lock.assertOwned('go on');
  });
});
