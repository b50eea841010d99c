/** A queue under cancellation: nothing is lost, nothing is there twice. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  CancelScope,
  checkpoint,
  isCancelled,
  Queue,
  sleep,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { assertAsyncProperty } from '../../../support/assert-property.ts';
import { cancels, law, shape, whole } from '../../../support/concurrency-lab.ts';

law('QU-7 a cancelled getter takes nothing', async () => {
  const queue = new Queue<number>(1);
  await whole(async (scope) => {
    const getting = queue.get();
    scope.cancel();
    await cancels(getting);
    queue.tryPut(1);
    await cancels(queue.get());
  });
  assert.equal(queue.tryGet(), 1);
});

law('QU-8 a getter handed an item and cancelled in the same turn returns it', async () => {
  const queue = new Queue<number>(1);
  await whole(async (scope) => {
    const getting = queue.get();
    queue.tryPut(1);
    scope.cancel();
    assert.equal(await getting, 1);
    await cancels(checkpoint());
  });
});

law('QU-9 cancelled, then an item put in the same turn: it goes to the next getter', async () => {
  const queue = new Queue<number>(1);
  await taskGroup(async (group) => {
    const scope = new CancelScope();
    group.startSoon(() => scope.run(() => queue.get()));
    group.startSoon(async () => assert.equal(await queue.get(), 1));
    await checkpoint();
    scope.cancel();
    queue.tryPut(1);
  });
});

law('QU-9 cancelled, then an item put in the same turn: without another getter it stays', async () => {
  const queue = new Queue<number>(1);
  await whole(async (scope) => {
    const getting = queue.get();
    scope.cancel();
    queue.tryPut(1);
    await cancels(getting);
  });
  assert.equal(queue.length, 1);
});

law('QU-10 a cancelled put has not put', async () => {
  const queue = new Queue<number>(1);
  queue.tryPut(1);
  await whole(async (scope) => {
    const putting = queue.put(2);
    scope.cancel();
    await cancels(putting);
    assert.equal(queue.tryGet(), 1);
    await cancels(queue.put(3));
  });
  assert.equal(queue.tryGet(), undefined);
});

law('QU-11 a putter whose item was taken and cancelled in the same turn returns', async () => {
  const queue = new Queue<number>(0);
  await whole(async (scope) => {
    const putting = queue.put(1);
    assert.equal(queue.tryGet(), 1);
    scope.cancel();
    await putting;
  });
});

const actor = fc.record({
  kind: fc.constantFrom('put' as const, 'get' as const),
  atMs: fc.nat(6),
  cancelAtMs: fc.nat(8),
});

law('QU-7 QU-8 QU-10 QU-11 under random cancels nothing is lost and nothing is got twice', async () => {
  await assertAsyncProperty(
    fc.asyncProperty(fc.nat(3), fc.array(actor, { maxLength: 12 }), async (size, actors) => {
      const queue = new Queue<number>(size);
      const put: number[] = [];
      const got: number[] = [];
      await taskGroup((group) => {
        for (const [item, { kind, atMs, cancelAtMs }] of actors.entries()) {
          group.startSoon(async () => {
            await sleep(atMs);
            await new CancelScope({ timeoutMs: cancelAtMs }).run(async () => {
              if (kind === 'get') {
                got.push(await queue.get());
              } else {
                await queue.put(item);
                put.push(item);
              }
            });
          });
        }
      });
      for (let item = queue.tryGet(); item !== undefined; item = queue.tryGet()) got.push(item);
      assert.deepEqual(got.toSorted(), put.toSorted());
    }),
    { numRuns: 300 },
  );
});

law('QU-1 QU-4 with one putter and one getter the order holds at any size and any pace', async () => {
  const pauses = fc.array(fc.nat(3), { minLength: 1, maxLength: 10 });
  await assertAsyncProperty(
    fc.asyncProperty(fc.nat(3), pauses, pauses, async (size, putPauses, getPauses) => {
      const queue = new Queue<number>(size);
      const got: number[] = [];
      await taskGroup((group) => {
        group.startSoon(async () => {
          for (const [item, ms] of putPauses.entries()) {
            await sleep(ms);
            await queue.put(item);
          }
          queue.close();
        });
        group.startSoon(async () => {
          for await (const item of queue) {
            got.push(item);
            await sleep(getPauses[item % getPauses.length] ?? 0);
          }
        });
      });
      assert.deepEqual(got, [...putPauses.keys()]);
    }),
    { numRuns: 200 },
  );
});

law('QU-7 a group of getters that collapses takes nothing', async () => {
  const queue = new Queue<number>(1);
  const errors: string[] = [];
  await taskGroup(async (group) => {
    for (let i = 0; i < 3; i++) {
      group.startSoon(async () => {
        await queue.get().catch((error: unknown) => {
          assert.ok(isCancelled(error));
          errors.push(shape(error));
        });
      });
    }
    await checkpoint();
    group.cancel();
    queue.tryPut(1);
  });
  assert.equal(errors.length, 3);
  assert.equal(queue.tryGet(), 1);
});
