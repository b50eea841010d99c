/**
 * The workloads in orderlyd/concurrency, imported by name: the library as it is published.
 */
import {
  boundedMap,
  checkpoint,
  Lock,
  moveOnAfter,
  Queue,
  shield,
  sleep,
  taskGroup,
} from 'orderlyd/concurrency';

const ready = Promise.resolve();
const QUEUE_SIZE = 1024;
const LONG_MS = 60_000;

async function child() {
  await ready;
}

function sleepLong() {
  return sleep(LONG_MS);
}

/** One producer and one consumer, both of which wait for each call. */
function pass(queue, count) {
  return taskGroup((group) => {
    group.startSoon(async () => {
      for (let i = 0; i < count; i++) await queue.put(i);
    });
    group.startSoon(async () => {
      for (let i = 0; i < count; i++) if ((await queue.get()) !== i) throw new Error(`lost ${i}`);
    });
  });
}

function groupOfOne() {
  return taskGroup((group) => group.startSoon(child));
}

/** All but what is outermost runs inside a scope, as code of a program does. */
function inside(workload) {
  return (count, heapUsed) => taskGroup(() => workload(count, heapUsed));
}

export const workloads = {
  group: inside(async (count) => {
    for (let i = 0; i < count; i++) await groupOfOne();
  }),

  async 'outermost-group'(count) {
    for (let i = 0; i < count; i++) await groupOfOne();
  },

  shield: inside(async (count) => {
    for (let i = 0; i < count; i++) await shield(child);
  }),

  timeout: inside(async (count) => {
    for (let i = 0; i < count; i++) await moveOnAfter(LONG_MS, child);
  }),

  cancel: inside(async (count) => {
    let begun = 0;
    let ended = 0;
    await taskGroup(async (group) => {
      for (let i = 0; i < count; i++) {
        group.startSoon(async () => {
          begun++;
          try {
            await sleepLong();
          } finally {
            ended++;
          }
        });
      }
      await checkpoint();
      if (begun < count || ended > 0) throw new Error('not all of them sleep');
      group.cancel();
    });
    if (ended < count) throw new Error('not all of them have ended');
  }),

  map: inside(async (count) => {
    const items = Array.from({ length: count }, (_, i) => i);
    await boundedMap(items, 100, async (item) => {
      await ready;
      return item;
    });
  }),

  queue: inside((count) => pass(new Queue(QUEUE_SIZE), count)),

  'queue-of-1': inside((count) => pass(new Queue(1), count)),

  'iterated-queue': inside((count) =>
    taskGroup((group) => {
      const queue = new Queue(QUEUE_SIZE);
      group.startSoon(async () => {
        for (let i = 0; i < count; i++) await queue.put(i);
        queue.close();
      });
      group.startSoon(async () => {
        let expected = 0;
        for await (const item of queue) if (item !== expected++) throw new Error(`lost ${item}`);
        if (expected !== count) throw new Error('lost the end');
      });
    }),
  ),

  lock: inside(async (count) => {
    const lock = new Lock();
    for (let i = 0; i < count; i++) await lock.run(child);
  }),

  'contended-lock': inside((count) =>
    taskGroup((group) => {
      const lock = new Lock();
      for (let task = 0; task < 10; task++) {
        group.startSoon(async () => {
          for (let i = 0; i < count / 10; i++) await lock.run(child);
        });
      }
    }),
  ),

  'short-scopes': inside(async (count, heapUsed) => {
    const before = await heapUsed();
    for (let i = 0; i < count; i++) await groupOfOne();
    return (await heapUsed()) - before;
  }),

  'sleeping-task': inside((count, heapUsed) =>
    taskGroup(async (group) => {
      const before = await heapUsed();
      for (let i = 0; i < count; i++) group.startSoon(sleepLong);
      const bytes = (await heapUsed()) - before;
      group.cancel();
      return bytes;
    }),
  ),
};
