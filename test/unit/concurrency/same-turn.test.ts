/**
 * One turn, two decisions: whichever came first stands, for every wait of the library, whether its scope is cancelled
 * or its signal aborts. What was not given is not taken.
 */
import assert from 'node:assert/strict';
import {
  CancelledError,
  CancelScope,
  CapacityLimiter,
  checkpoint,
  Event,
  Lock,
  PriorityQueue,
  Queue,
  Semaphore,
  untilAborted,
  type WaitOptions,
} from '../../../src/concurrency/index.ts';
import { cancels, law, thrownBy, whole } from '../../support/concurrency-lab.ts';

/** A wait for something that is not there yet. */
interface Waiting {
  wait(options?: WaitOptions): Promise<unknown>;
  /** Makes it there, for the one who waits, or to be taken later. */
  satisfy(): void;
  /** Asserts that it is there, and that nobody waits for it. */
  untouched(): void;
}

const waits: Readonly<Record<string, () => Waiting>> = {
  'Event.wait': () => {
    const event = new Event();
    return {
      wait: (options) => event.wait(options),
      satisfy: () => event.set(),
      untouched: () => assert.deepEqual([event.isSet, event.waiting], [true, 0]),
    };
  },
  'Lock.acquire': () => {
    const lock = new Lock();
    lock.tryAcquire();
    return {
      wait: (options) => lock.acquire(options),
      satisfy: () => lock.release(),
      untouched: () => assert.deepEqual(lock.statistics(), { isLocked: false, owner: undefined, waiting: 0 }),
    };
  },
  'Lock.run': () => {
    const lock = new Lock();
    lock.tryAcquire();
    return {
      wait: (options) => lock.run(() => 'ran', options),
      satisfy: () => lock.release(),
      untouched: () => assert.deepEqual(lock.statistics(), { isLocked: false, owner: undefined, waiting: 0 }),
    };
  },
  'Semaphore.acquire': () => {
    const semaphore = new Semaphore(0);
    return {
      wait: (options) => semaphore.acquire(options),
      satisfy: () => semaphore.release(),
      untouched: () => assert.deepEqual(semaphore.statistics(), { value: 1, waiting: 0 }),
    };
  },
  'CapacityLimiter.acquire': () => {
    const limiter = new CapacityLimiter(1);
    limiter.tryAcquireOnBehalfOf('other');
    return {
      wait: (options) => limiter.acquire(options),
      satisfy: () => limiter.releaseOnBehalfOf('other'),
      untouched: () =>
        assert.deepEqual(limiter.statistics(), { total: 1, borrowed: 0, available: 1, waiting: 0 }),
    };
  },
  'Queue.get': () => {
    const queue = new Queue<string>(1);
    return {
      wait: (options) => queue.get(options),
      satisfy: () => void queue.tryPut('item'),
      untouched: () => assert.deepEqual([queue.tryGet(), queue.statistics().getters], ['item', 0]),
    };
  },
  'Queue.put': () => {
    const queue = new Queue<string>(1);
    queue.tryPut('first');
    return {
      wait: (options) => queue.put('second', options),
      satisfy: () => assert.equal(queue.tryGet(), 'first'),
      untouched: () => assert.deepEqual([queue.tryGet(), queue.statistics().putters], [undefined, 0]),
    };
  },
  'PriorityQueue.get': () => {
    const queue = new PriorityQueue<string>(1);
    return {
      wait: (options) => queue.get(options),
      satisfy: () => void queue.tryPut('item', 1),
      untouched: () => assert.deepEqual([queue.tryGet(), queue.statistics().getters], ['item', 0]),
    };
  },
  'PriorityQueue.put': () => {
    const queue = new PriorityQueue<string>(1);
    queue.tryPut('first', 1);
    return {
      wait: (options) => queue.put('second', 0, options),
      satisfy: () => assert.equal(queue.tryGet(), 'first'),
      untouched: () => assert.deepEqual([queue.tryGet(), queue.statistics().putters], [undefined, 0]),
    };
  },
  untilAborted: () => {
    const controller = new AbortController();
    return {
      wait: (options) => untilAborted(controller.signal, options),
      satisfy: () => controller.abort(),
      untouched: () => assert.equal(controller.signal.aborted, true),
    };
  },
};

for (const [name, make] of Object.entries(waits)) {
  law(
    `CS-36 ${name}: satisfied before the cancellation in the same turn, it returns; the next throws`,
    async () => {
      await whole(async (scope) => {
        const { wait, satisfy } = make();
        const waiting = wait();
        satisfy();
        scope.cancel();
        await waiting;
        await cancels(checkpoint());
      });
    },
  );

  law(
    `CS-37 ${name}: cancelled first, satisfied after in the same turn, it throws and takes nothing`,
    async () => {
      await whole(async (scope) => {
        const { wait, satisfy, untouched } = make();
        const waiting = wait();
        scope.cancel();
        satisfy();
        untouched();
        await cancels(waiting);
      });
    },
  );

  law(
    `CS-3 CS-38 ${name}: one that need not block throws in a cancelled scope each time, taking nothing`,
    async () => {
      await whole(async (scope) => {
        const { wait, satisfy, untouched } = make();
        satisfy();
        scope.cancel();
        for (let time = 0; time < 3; time++) {
          assert.ok((await thrownBy(wait())) instanceof CancelledError);
        }
        untouched();
      });
    },
  );

  law(`AB-5 AB-6 ${name}: of abort and satisfaction in one turn the first counts`, async () => {
    const scope = new CancelScope();
    const run = scope.run(async () => {
      const early = new AbortController();
      const given = make();
      const satisfied = given.wait({ signal: early.signal });
      given.satisfy();
      early.abort('too late');
      await satisfied;
      const late = new AbortController();
      const { wait, satisfy, untouched } = make();
      const aborted = wait({ signal: late.signal });
      late.abort('reason');
      satisfy();
      assert.equal(await thrownBy(aborted), 'reason');
      assert.equal(await thrownBy(wait({ signal: late.signal })), 'reason');
      untouched();
      return 'whole';
    });
    assert.equal(await run, 'whole');
  });
}
