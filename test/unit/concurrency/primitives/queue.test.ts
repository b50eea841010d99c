/** Items from putters to getters: order, bounds, the end. */
import assert from 'node:assert/strict';
import {
  checkpoint,
  Queue,
  QueueClosed,
  sleep,
  type TaskGroup,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { type Lab, law, thrownBy } from '../../../support/concurrency-lab.ts';

/** Starts a task that gets one item and notes it. */
function getter(lab: Lab, group: TaskGroup, queue: Queue<number>, name: string): void {
  group.startSoon(async () => lab.note(`${name}${await queue.get()}`));
}

/** Starts a task that puts one item and notes that it is in. */
function putter(lab: Lab, group: TaskGroup, queue: Queue<number>, item: number): void {
  group.startSoon(async () => {
    await queue.put(item);
    lab.note(`put${item}`);
  });
}

law('QU-1 items are first in, first out', async () => {
  const queue = new Queue<number>(3);
  for (const item of [1, 2, 3]) await queue.put(item);
  assert.deepEqual([await queue.get(), await queue.get(), await queue.get()], [1, 2, 3]);
});

law('QU-1 waiting getters are served in the order in which they came', async (lab) => {
  const queue = new Queue<number>(1);
  await taskGroup(async (group) => {
    for (const name of ['A', 'B', 'C']) getter(lab, group, queue, name);
    await checkpoint();
    for (const item of [1, 2, 3]) await queue.put(item);
  });
  lab.saw('A1 B2 C3');
});

law('QU-1 waiting putters get in in the order in which they came', async (lab) => {
  const queue = new Queue<number>(1);
  await taskGroup(async (group) => {
    for (const item of [1, 2, 3]) putter(lab, group, queue, item);
    await checkpoint();
    lab.note('full');
    for (const item of [1, 2, 3]) assert.equal(await queue.get(), item);
  });
  lab.saw('put1 full put2 put3');
});

law('QU-2 put waits while full', async (lab) => {
  const queue = new Queue<number>(2);
  await taskGroup(async (group) => {
    for (const item of [1, 2, 3]) putter(lab, group, queue, item);
    await sleep(1000);
    assert.equal(queue.length, 2);
    lab.note('get');
    await queue.get();
  });
  lab.saw('put1 put2 get put3');
});

law('QU-3 size 0 is a rendezvous: put ends when a getter takes it', async (lab) => {
  const queue = new Queue<number>(0);
  await taskGroup(async (group) => {
    putter(lab, group, queue, 1);
    await sleep(1000);
    assert.equal(queue.length, 0);
    lab.note('get');
    assert.equal(await queue.get(), 1);
  });
  lab.saw('get put1');
});

law('QU-3 at size 0 a waiting getter takes what is put at once', async (lab) => {
  const queue = new Queue<number>(0);
  await taskGroup(async (group) => {
    getter(lab, group, queue, 'A');
    await checkpoint();
    await queue.put(1);
    assert.equal(queue.length, 0);
  });
  lab.saw('A1');
});

law('QU-4 after close buffered items can still be got; then get throws QueueClosed', async () => {
  const queue = new Queue<number>(2);
  await queue.put(1);
  await queue.put(2);
  queue.close();
  assert.deepEqual([await queue.get(), queue.tryGet()], [1, 2]);
  assert.ok((await thrownBy(queue.get())) instanceof QueueClosed);
  assert.throws(() => queue.tryGet(), QueueClosed);
});

law('QU-4 getters already waiting at close throw QueueClosed', async (lab) => {
  const queue = new Queue<number>(1);
  await taskGroup(async (group) => {
    for (const name of ['A', 'B']) {
      group.startSoon(async () => {
        assert.ok((await thrownBy(queue.get())) instanceof QueueClosed);
        lab.note(name);
      });
    }
    await checkpoint();
    queue.close();
    lab.note('closed');
  });
  lab.saw('closed A B');
});

law(
  'QU-5 put after close, and one waiting at close, throw; their items are not in the queue',
  async (lab) => {
    const queue = new Queue<number>(1);
    await queue.put(1);
    await taskGroup(async (group) => {
      group.startSoon(async () => {
        assert.ok((await thrownBy(queue.put(2))) instanceof QueueClosed);
        lab.note('waiting');
      });
      await checkpoint();
      queue.close();
      queue.close();
      assert.ok((await thrownBy(queue.put(3))) instanceof QueueClosed);
      assert.throws(() => queue.tryPut(4), QueueClosed);
    });
    assert.equal(queue.isClosed, true);
    assert.equal(await queue.get(), 1);
    assert.ok((await thrownBy(queue.get())) instanceof QueueClosed);
    lab.saw('waiting');
  },
);

law('QU-6 for await yields until closed and drained, then ends without an error', async (lab) => {
  const queue = new Queue<number>(2);
  await taskGroup(async (group) => {
    group.startSoon(async () => {
      for await (const item of queue) lab.note(`got${item}`);
      lab.note('end');
    });
    for (const item of [1, 2, 3, 4]) await queue.put(item);
    queue.close();
  });
  lab.saw('got1 got2 got3 got4 end');
});

law('QU-12 tryPut on full and tryGet on empty say so without waiting', async () => {
  const queue = new Queue<number>(1);
  assert.equal(queue.tryGet(), undefined);
  assert.equal(queue.tryPut(1), true);
  assert.equal(queue.tryPut(2), false);
  assert.equal(queue.tryGet(), 1);
  assert.equal(new Queue(0).tryPut(1), false);
});

law('QU-13 a negative or fractional size throws', async () => {
  for (const size of [-1, 0.5, Number.NaN, Number.NEGATIVE_INFINITY]) {
    assert.throws(() => new Queue(size), RangeError);
  }
  assert.equal(new Queue(Number.POSITIVE_INFINITY).tryPut(1), true);
});

law('QU-1 who came first hears of its item first, though the next one takes what is there', async (lab) => {
  const queue = new Queue<number>(1);
  await taskGroup(async (group) => {
    getter(lab, group, queue, 'A');
    await checkpoint();
    queue.tryPut(1);
    queue.tryPut(2);
    lab.note(`B${await queue.get()}`);
  });
  lab.saw('A1 B2');
});

law('QU-1 a consumer who came first waits once for a ready producer, not for every item', async () => {
  const queue = new Queue<number>(4);
  let waits = 0;
  await taskGroup((group) => {
    group.startSoon(async () => {
      for (let item = 0; item < 20; item++) assert.equal(await queue.get(), item);
    });
    group.startSoon(async () => {
      for (let item = 0; item < 20; item++) {
        waits += queue.statistics().getters;
        await queue.put(item);
      }
    });
  });
  assert.equal(waits, 1);
});

law('QU-1 a reader does not overtake who waits, either', async (lab) => {
  const queue = new Queue<number>(1);
  await taskGroup(async (group) => {
    getter(lab, group, queue, 'A');
    await checkpoint();
    queue.tryPut(1);
    queue.tryPut(2);
    queue.close();
    for await (const item of queue) lab.note(`B${item}`);
  });
  lab.saw('A1 B2');
});

law('a paused queue gives out nothing: getters wait, then putters, and all go on in order', async (lab) => {
  const queue = new Queue<number>(1);
  await taskGroup(async (group) => {
    queue.pause();
    queue.pause();
    for (const name of ['A', 'B', 'C']) group.startSoon(async () => lab.note(`${name}${await queue.get()}`));
    for (const item of [1, 2, 3]) group.startSoon(() => queue.put(item));
    await sleep(1000);
    assert.equal(queue.tryGet(), undefined);
    const { length, getters, putters } = queue.statistics();
    assert.deepEqual([queue.isPaused, length, getters, putters], [true, 1, 3, 2]);
    lab.note('resumed');
    queue.resume();
    assert.equal(queue.isPaused, false);
  });
  lab.saw('resumed A1 B2 C3');
});

law('a queue that is closed in a pause is drained after it, and ends who finds nothing', async (lab) => {
  const queue = new Queue<number>(5);
  await taskGroup(async (group) => {
    queue.pause();
    for (const name of ['A', 'B']) {
      group.startSoon(() =>
        queue.get().then(
          (item) => lab.note(`${name}${item}`),
          (error: unknown) => lab.note(`${name}:${error instanceof QueueClosed}`),
        ),
      );
    }
    await queue.put(1);
    queue.close();
    await sleep(1000);
    assert.equal(queue.tryGet(), undefined);
    lab.note('resumed');
    queue.resume();
  });
  lab.saw('resumed {A1 B:true}');
});
