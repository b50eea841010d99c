/** How `for await` reads a queue: whether an item is there already, or comes later, must make no difference. */
import assert from 'node:assert/strict';
import { CancelScope, checkpoint, isCancelled, Queue, taskGroup } from '../../../../src/concurrency/index.ts';
import { law, thrownBy } from '../../../support/concurrency-lab.ts';

const END = { done: true, value: undefined };

law('QU-6 an item that is there comes in the order of those that are waited for', async () => {
  const queue = new Queue<number>(2);
  const reader = queue[Symbol.asyncIterator]();
  const waiting = reader.next();
  for (const item of [1, 2, 3]) queue.tryPut(item);
  assert.deepEqual(await Promise.all([waiting, reader.next(), reader.next()]), [
    { done: false, value: 1 },
    { done: false, value: 2 },
    { done: false, value: 3 },
  ]);
});

law('JS-5 an item that is a promise is given as what it resolves with, there or waited for', async () => {
  const queue = new Queue<unknown>(1);
  const got: unknown[] = [];
  await taskGroup((group) => {
    group.startSoon(async () => {
      for await (const item of queue) got.push(item);
    });
    group.startSoon(async () => {
      await queue.put(Promise.resolve('waited for'));
      await checkpoint();
      queue.tryPut(Promise.resolve('there'));
      queue.close();
    });
  });
  const full = new Queue<unknown>(1);
  full.tryPut(Promise.resolve('there before'));
  full.close();
  for await (const item of full) got.push(item);
  assert.deepEqual(got, ['waited for', 'there', 'there before']);
});

law('CS-38 in a cancelled scope a reading throws and takes nothing, though an item is there', async () => {
  const queue = new Queue<number>(1);
  queue.tryPut(1);
  const scope = new CancelScope();
  scope.cancel();
  await scope.run(async () => {
    const reader = queue[Symbol.asyncIterator]();
    assert.ok(isCancelled(await thrownBy(reader.next())));
    assert.deepEqual(await reader.next(), END);
  });
  assert.equal(queue.tryGet(), 1);
});

law('QU-6 a reading that was left has ended; what is in the queue stays', async () => {
  const queue = new Queue<number>(2);
  queue.tryPut(1);
  queue.tryPut(2);
  const reader = queue[Symbol.asyncIterator]();
  for await (const item of reader) {
    assert.equal(item, 1);
    break;
  }
  assert.deepEqual(await reader.next(), END);
  assert.equal(queue.tryGet(), 2);
});
