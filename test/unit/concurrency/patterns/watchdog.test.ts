/** Reads that must not stay away, limits that are exact, and what is open still. */
import assert from 'node:assert/strict';
import {
  BreakerError,
  breaker,
  CancelScope,
  CleanupStack,
  checkpoint,
  failAfter,
  LeakTracker,
  moveOnAfter,
  type Quantity,
  Queue,
  StalenessError,
  sleep,
  sleepForever,
  TimeoutError,
  taskGroup,
  watchdog,
  watched,
} from '../../../../src/concurrency/index.ts';
import { cancels, law, shape, thrownBy, whole } from '../../../support/concurrency-lab.ts';

const within = { source: 'feed', withinMs: 1000 };

law(
  'WD-1 a read that stays away for the bound throws a StalenessError with the name of its source',
  async (lab) => {
    const error = await thrownBy(watchdog(() => sleepForever(), within));
    assert.ok(error instanceof StalenessError);
    assert.deepEqual(
      [error.source, error.withinMs, error.message],
      ['feed', 1000, 'Nothing from "feed" for 1000 ms'],
    );
    assert.equal(lab.clock.now(), 1000);
  },
);

law('WD-2 X27 each read begins a new deadline', async (lab) => {
  const queue = new Queue<number>(1);
  const error = await thrownBy(
    taskGroup(async (group) => {
      group.startSoon(async () => {
        for (const item of [1, 2]) {
          await sleep(800);
          await queue.put(item);
        }
        await sleepForever();
      });
      try {
        for (;;) {
          await watchdog(() => queue.get(), within);
          lab.note('read');
        }
      } catch (error) {
        lab.noteTime('trip');
        throw error;
      }
    }),
  );
  assert.equal(shape(error), '[Nothing from "feed" for 1000 ms]');
  lab.saw('read read trip(2.6s)');
});

law('WD-3 a TimeoutError of the read itself is not staleness: it leaves as it is', async () => {
  const error = await thrownBy(watchdog(() => failAfter(10, sleepForever), within));
  assert.ok(error instanceof TimeoutError);
});

law('WD-4 a read satisfied at the deadline is not lost', async (lab) => {
  const queue = new Queue<number>(0);
  // Set before the deadline, so that its timer fires first in the same instant.
  lab.clock.at(1000, () => assert.ok(queue.tryPut(7)));
  assert.equal(await watchdog(() => queue.get(), within), 7);
});

law('WD-5 cancelled, it ends without tripping', async () => {
  await whole(async (scope) => {
    const reading = watchdog(() => sleepForever(), within);
    await sleep(500);
    scope.cancel();
    await cancels(reading);
  });
});

law(
  'WD-1 WD-2 watched yields what comes in time, and trips for what does not, also for a foreign source',
  async (lab) => {
    const foreign = {
      async *[Symbol.asyncIterator](): AsyncGenerator<number> {
        yield 1;
        await sleep(900);
        yield 2;
        await new Promise(() => undefined);
      },
    };
    const seen: number[] = [];
    const reading = (async () => {
      for await (const item of watched(foreign, within)) seen.push(item);
    })();
    assert.ok((await thrownBy(reading)) instanceof StalenessError);
    assert.deepEqual(seen, [1, 2]);
    assert.equal(lab.clock.now(), 1900);
  },
);

law('WD-4 watched too loses nothing at the deadline, and leaves its source with its reader', async (lab) => {
  const queue = new Queue<number>(5);
  const source = {
    async *[Symbol.asyncIterator](): AsyncGenerator<number> {
      try {
        yield* queue;
      } finally {
        lab.note('left');
      }
    },
  };
  lab.clock.at(1000, () => assert.ok(queue.tryPut(7)));
  for await (const item of watched(source, within)) {
    assert.equal(item, 7);
    break;
  }
  lab.saw('left');
});

law(
  'BR-1 it trips with a named error holding value and limit once the value has reached the limit',
  async (lab) => {
    const values = [1n, 4n, 5n];
    const measure = () => values.shift() as bigint;
    const error = await thrownBy(breaker({ name: 'drawdown', limit: 5n, measure, everyMs: 100 }));
    assert.ok(error instanceof BreakerError);
    assert.deepEqual([error.breaker, error.value, error.limit], ['drawdown', 5n, 5n]);
    assert.equal(error.message, '"drawdown" has reached 5, and its limit is 5');
    assert.equal(lab.clock.now(), 200);
  },
);

law('BR-2 quantities are exact: bigints or safe integers; others throw', async () => {
  const trip = (limit: Quantity, value: Quantity) =>
    thrownBy(breaker({ name: 'x', limit, measure: () => value, everyMs: 1 }));
  assert.ok((await trip(2 ** 53 - 1, 2n ** 60n)) instanceof BreakerError);
  for (const vague of [0.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    assert.ok((await trip(vague, 1)) instanceof TypeError);
    assert.ok((await trip(1, vague)) instanceof TypeError);
  }
});

law('BR-3 it measures before the first pause', async (lab) => {
  await thrownBy(breaker({ name: 'x', limit: 0, measure: () => 0, everyMs: 1000 }));
  assert.equal(lab.clock.now(), 0);
});

law('BR-4 a measuring that hangs is ended by its own limit', async (lab) => {
  const hang = { name: 'x', limit: 1, measure: () => sleepForever(), everyMs: 1000, withinMs: 50 };
  assert.ok((await thrownBy(breaker(hang))) instanceof TimeoutError);
  assert.equal(lab.clock.now(), 50);
});

law('BR-1 below its limit it never ends by itself', async (lab) => {
  let measured = 0;
  const measure = () => ++measured * 0;
  await moveOnAfter(1000, () => breaker({ name: 'x', limit: 1, measure, everyMs: 100 }));
  assert.equal(lab.clock.now(), 1000);
  assert.equal(measured, 10);
});

law(
  'LT-1 open tasks, sleepers, waiters and clean-ups are listed with names; after the group none is left',
  async () => {
    const around = new LeakTracker();
    let free = (): void => undefined;
    const stuck = new Promise<void>((resolve) => {
      free = resolve;
    });
    await taskGroup(
      async (group) => {
        const tracker = new LeakTracker();
        group.startSoon(() => sleep(500), { name: 'sleeper' });
        group.startSoon(() => new Queue(0).get(), { name: 'waiter' });
        group.startSoon(() => new CancelScope({ name: 'section' }).run(() => stuck), { name: 'stuck' });
        const stack = new CleanupStack();
        stack.push(() => sleep(300));
        group.startSoon(() => stack.leave(), { name: 'closing' });
        await checkpoint();
        assert.deepEqual(tracker.open(), [
          'shop > sleeper > sleep 500 ms',
          'shop > waiter > queue.get',
          'shop > stuck > section',
          'shop > closing > shield > sleep 300 ms',
        ]);
        assert.throws(() => tracker.assertNone(), /^Error: Still open: shop > sleeper > sleep 500 ms; /);
        group.cancel();
        free();
      },
      { name: 'shop' },
    );
    around.assertNone();
  },
);
