/**
 * The workloads in effection: operations, each owned by the one that spawned it. Each round is one program, run once. Its
 * queue has no bound: who adds never waits.
 */
import { createQueue, race, run, scoped, sleep, spawn, until } from 'effection';

const ready = Promise.resolve();
const LONG_MS = 60_000;

function* child() {
  yield* until(ready);
}

/** A scope cuts what still runs at its end: it is waited for first. */
function* groupOfOne() {
  yield* scoped(function* () {
    const task = yield* spawn(child);
    yield* task;
  });
}

function* sleepLong() {
  yield* sleep(LONG_MS);
}

export const workloads = {
  group: (count) =>
    run(function* () {
      for (let i = 0; i < count; i++) yield* groupOfOne();
    }),

  async 'outermost-group'(count) {
    for (let i = 0; i < count; i++) await run(groupOfOne);
  },

  timeout: (count) =>
    run(function* () {
      for (let i = 0; i < count; i++) yield* race([child(), sleep(LONG_MS)]);
    }),

  async cancel(count) {
    let begun = 0;
    let ended = 0;
    await run(() =>
      scoped(function* () {
        for (let i = 0; i < count; i++) {
          yield* spawn(function* () {
            begun++;
            try {
              yield* sleep(LONG_MS);
            } finally {
              ended++;
            }
          });
        }
        yield* until(new Promise((resolve) => setImmediate(resolve)));
        if (begun < count || ended > 0) throw new Error('not all of them sleep');
      }),
    );
    if (ended < count) throw new Error('not all of them have ended');
  },

  /** It has no bounded map: a hundred workers share the items. */
  map: (count) =>
    run(() =>
      scoped(function* () {
        const items = Array.from({ length: count }, (_, i) => i);
        const results = new Array(count);
        let next = 0;
        const workers = [];
        for (let worker = 0; worker < 100; worker++) {
          workers.push(
            yield* spawn(function* () {
              while (next < count) {
                const index = next++;
                yield* until(ready);
                results[index] = items[index];
              }
            }),
          );
        }
        for (const worker of workers) yield* worker;
      }),
    ),

  queue: (count) =>
    run(() =>
      scoped(function* () {
        const queue = createQueue();
        const consumer = yield* spawn(function* () {
          for (let i = 0; i < count; i++) if ((yield* queue.next()).value !== i) throw new Error(`lost ${i}`);
        });
        for (let i = 0; i < count; i++) queue.add(i);
        yield* consumer;
      }),
    ),

  'short-scopes': (count, heapUsed) =>
    run(function* () {
      const before = yield* until(heapUsed());
      for (let i = 0; i < count; i++) yield* groupOfOne();
      return (yield* until(heapUsed())) - before;
    }),

  'sleeping-task': (count, heapUsed) =>
    run(() =>
      scoped(function* () {
        const before = yield* until(heapUsed());
        for (let i = 0; i < count; i++) yield* spawn(sleepLong);
        return (yield* until(heapUsed())) - before;
      }),
    ),
};
