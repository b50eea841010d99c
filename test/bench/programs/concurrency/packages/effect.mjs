/**
 * The workloads in Effect: fibers, supervised by their parent or by a scope. Each round is one program, run once.
 */
import { Deferred, Effect, Fiber, Queue, Stream } from 'effect';

const ready = Promise.resolve();
const QUEUE_SIZE = 1024;

const child = Effect.promise(() => ready);
const groupOfOne = Effect.scoped(Effect.flatMap(Effect.forkScoped(child), Fiber.join));
const sleepLong = Effect.sleep('60 seconds');

/** A round that does the same so many times, one after the other. */
function times(effect) {
  return (count) =>
    Effect.runPromise(
      Effect.gen(function* () {
        for (let i = 0; i < count; i++) yield* effect;
      }),
    );
}

function pass(size, count) {
  return Effect.runPromise(
    Effect.gen(function* () {
      const queue = yield* Queue.bounded(size);
      const produce = Effect.gen(function* () {
        for (let i = 0; i < count; i++) yield* Queue.offer(queue, i);
      });
      const consume = Effect.gen(function* () {
        for (let i = 0; i < count; i++) if ((yield* Queue.take(queue)) !== i) throw new Error(`lost ${i}`);
      });
      yield* Effect.all([produce, consume], { concurrency: 'unbounded', discard: true });
    }),
  );
}

function underLock(count, tasks) {
  return Effect.runPromise(
    Effect.gen(function* () {
      const lock = yield* Effect.makeSemaphore(1);
      const locked = lock.withPermits(1)(child);
      const work = Effect.gen(function* () {
        for (let i = 0; i < count / tasks; i++) yield* locked;
      });
      yield* Effect.all(
        Array.from({ length: tasks }, () => work),
        { concurrency: 'unbounded', discard: true },
      );
    }),
  );
}

export const workloads = {
  group: times(groupOfOne),

  async 'outermost-group'(count) {
    for (let i = 0; i < count; i++) await Effect.runPromise(groupOfOne);
  },

  shield: times(Effect.uninterruptible(child)),
  timeout: times(Effect.timeoutOption(child, '60 seconds')),

  async cancel(count) {
    let begun = 0;
    let ended = 0;
    const task = Effect.ensuring(
      Effect.suspend(() => {
        begun++;
        return sleepLong;
      }),
      Effect.sync(() => {
        ended++;
      }),
    );
    await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          for (let i = 0; i < count; i++) yield* Effect.forkScoped(task);
          yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)));
          if (begun < count || ended > 0) throw new Error('not all of them sleep');
        }),
      ),
    );
    if (ended < count) throw new Error('not all of them have ended');
  },

  async map(count) {
    const items = Array.from({ length: count }, (_, i) => i);
    await Effect.runPromise(Effect.forEach(items, (item) => Effect.as(child, item), { concurrency: 100 }));
  },

  queue: (count) => pass(QUEUE_SIZE, count),
  'queue-of-1': (count) => pass(1, count),

  async 'iterated-queue'(count) {
    let expected = 0;
    await Effect.runPromise(
      Effect.gen(function* () {
        const queue = yield* Queue.bounded(QUEUE_SIZE);
        const drained = yield* Deferred.make();
        const produce = Effect.gen(function* () {
          for (let i = 0; i < count; i++) yield* Queue.offer(queue, i);
          yield* Deferred.await(drained);
          yield* Queue.shutdown(queue);
        });
        const consume = Stream.runForEach(Stream.fromQueue(queue), (item) => {
          if (item !== expected++) throw new Error(`lost ${item}`);
          return expected === count ? Deferred.succeed(drained, undefined) : Effect.void;
        });
        yield* Effect.all([produce, consume], { concurrency: 'unbounded', discard: true });
      }),
    );
    if (expected !== count) throw new Error('lost the end');
  },

  lock: (count) => underLock(count, 1),
  'contended-lock': (count) => underLock(count, 10),

  async 'short-scopes'(count, heapUsed) {
    return Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const before = yield* Effect.promise(heapUsed);
          for (let i = 0; i < count; i++) yield* groupOfOne;
          return (yield* Effect.promise(heapUsed)) - before;
        }),
      ),
    );
  },

  async 'sleeping-task'(count, heapUsed) {
    return Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const before = yield* Effect.promise(heapUsed);
          for (let i = 0; i < count; i++) yield* Effect.forkScoped(sleepLong);
          return (yield* Effect.promise(heapUsed)) - before;
        }),
      ),
    );
  },
};
