/** The queue in which the lowest number goes first. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  CancelScope,
  checkpoint,
  PriorityQueue,
  QueueClosed,
  sleep,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { assertAsyncProperty } from '../../../support/assert-property.ts';
import { cancels, law, thrownBy, whole } from '../../../support/concurrency-lab.ts';

law('PQ-1 the lowest number is first', async () => {
  const queue = new PriorityQueue<string>(5);
  for (const [item, priority] of [
    ['c', 3],
    ['a', -1],
    ['b', 0.5],
    ['d', Infinity],
  ] as const) {
    await queue.put(item, priority);
  }
  assert.deepEqual(
    [await queue.get(), queue.tryGet(), await queue.get(), await queue.get()],
    ['a', 'b', 'c', 'd'],
  );
  assert.equal(queue.tryGet(), undefined);
});

law('PQ-2 equal priorities come in the order put; items are never compared', async () => {
  const queue = new PriorityQueue<object>(10);
  const incomparable = { valueOf: () => assert.fail('compared'), toString: () => assert.fail('compared') };
  const items = Array.from({ length: 10 }, () => Object.create(incomparable) as object);
  for (const item of items) await queue.put(item, 1);
  for (const item of items) assert.equal(await queue.get(), item);
});

law('PQ-1 PQ-2 for any puts and gets it gives what a stable sort gives', async () => {
  const acts = fc.array(fc.option(fc.integer({ min: 0, max: 4 }), { nil: 'get' as const }), {
    maxLength: 60,
  });
  await assertAsyncProperty(
    fc.asyncProperty(acts, async (script) => {
      const queue = new PriorityQueue<number>(Infinity);
      let model: { readonly item: number; readonly priority: number }[] = [];
      for (const [item, act] of script.entries()) {
        if (act === 'get') {
          assert.equal(queue.tryGet(), model[0]?.item);
          model = model.slice(1);
        } else {
          queue.tryPut(item, act);
          model = [...model, { item, priority: act }].sort((a, b) => a.priority - b.priority);
        }
        assert.equal(queue.length, model.length);
      }
    }),
    { numRuns: 300 },
  );
});

law('PQ-3 put waits while full, and QueueClosed ends both sides as with Queue', async (lab) => {
  const queue = new PriorityQueue<number>(1);
  await taskGroup(async (group) => {
    await queue.put(1, 0);
    assert.equal(queue.tryPut(2, 0), false);
    group.startSoon(async () => {
      assert.ok((await thrownBy(queue.put(3, 0))) instanceof QueueClosed);
      lab.note('refused');
    });
    await checkpoint();
    assert.deepEqual(queue.statistics(), { length: 1, size: 1, getters: 0, putters: 1, isClosed: false });
    queue.close();
    queue.close();
    for await (const item of queue) lab.note(`got${item}`);
    assert.ok((await thrownBy(queue.get())) instanceof QueueClosed);
    assert.throws(() => queue.tryPut(4, 0), QueueClosed);
    assert.throws(() => queue.tryGet(), QueueClosed);
    assert.equal(queue.isClosed, true);
  });
  lab.saw('{got1 refused}');
});

law('PQ-3 a waiting getter is handed what is put; size 0 is a rendezvous', async (lab) => {
  const queue = new PriorityQueue<number>(0);
  await taskGroup(async (group) => {
    group.startSoon(async () => lab.note(`got${await queue.get()}`));
    await checkpoint();
    await queue.put(1, 5);
    lab.note('put');
    assert.equal(queue.length, 0);
  });
  lab.saw('{got1 put}');
});

law('PQ-3 cancelled, get has taken nothing and put has not put', async () => {
  const queue = new PriorityQueue<number>(1);
  await whole(async (scope) => {
    const getting = queue.get();
    scope.cancel();
    assert.ok(queue.tryPut(1, 0));
    await cancels(getting);
    await cancels(queue.put(2, 0));
  });
  assert.equal(queue.tryGet(), 1);
  assert.equal(queue.tryGet(), undefined);
});

law('PQ-3 sizes and priorities that are none throw', async () => {
  for (const size of [-1, 0.5, Number.NaN]) assert.throws(() => new PriorityQueue(size), RangeError);
  const queue = new PriorityQueue<number>(1);
  assert.throws(() => queue.tryPut(1, Number.NaN), RangeError);
  assert.throws(() => queue.put(1, Number.NaN), RangeError);
});

law('PQ-4 a waiting put competes by priority only once it is in', async (lab) => {
  const queue = new PriorityQueue<string>(1);
  await taskGroup(async (group) => {
    await queue.put('first', 5);
    group.startSoon(() => queue.put('patient', 9));
    group.startSoon(() => queue.put('urgent', 1));
    await checkpoint();
    for (let i = 0; i < 3; i++) {
      lab.note(await queue.get());
      await checkpoint();
    }
  });
  lab.saw('first patient urgent');
});

law('PQ-3 under random cancels nothing is lost and nothing is got twice', async () => {
  const actor = fc.record({
    kind: fc.constantFrom('put' as const, 'get' as const),
    atMs: fc.nat(6),
    cancelAtMs: fc.nat(8),
  });
  await assertAsyncProperty(
    fc.asyncProperty(fc.nat(3), fc.array(actor, { maxLength: 12 }), async (size, actors) => {
      const queue = new PriorityQueue<number>(size);
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
                await queue.put(item, item % 3);
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
