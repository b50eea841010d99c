/** A clock that is moved by hand, and the moment at which nobody can go on by himself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  CancelScope,
  type Clock,
  checkpoint,
  Event,
  ManualClock,
  moveOnAfter,
  now,
  openTasks,
  Queue,
  sleep,
  taskGroup,
  VirtualClock,
  waitAllTasksBlocked,
  withClock,
} from '../../../../src/concurrency/index.ts';
import { assertAsyncProperty } from '../../../support/assert-property.ts';
import { cancels, law, shape, thrownBy, whole } from '../../../support/concurrency-lab.ts';

test('a hand-moved clock stands still, and stops at each timer on its way', async () => {
  const clock = new ManualClock(100);
  const events: string[] = [];
  const note = (event: string): void => {
    events.push(`${event}@${clock.now()}`);
  };
  const group = withClock(clock, () =>
    taskGroup((tasks) => {
      for (const ms of [30, 10]) {
        tasks.startSoon(async () => {
          note('begin');
          await sleep(ms);
          note(`${ms}`);
          await sleep(5);
          note(`${ms}+5`);
        });
      }
    }),
  );
  await clock.advance(0);
  assert.deepEqual([clock.now(), clock.pendingTimers, events], [100, 2, ['begin@100', 'begin@100']]);
  await clock.advance(30);
  assert.deepEqual(events.slice(2), ['10@110', '10+5@115', '30@130']);
  await clock.advance(1.5);
  assert.equal(clock.now(), 131.5);
  await clock.advance(1000);
  await group;
  assert.deepEqual([events.at(-1), clock.now(), clock.pendingTimers], ['30+5@135', 1131.5, 0]);
});

test('on a hand-moved clock what is due at once needs no hand', async () => {
  const clock = new ManualClock();
  const order: string[] = [];
  await withClock(clock, async () => {
    await checkpoint();
    await sleep(-5);
    assert.equal(await moveOnAfter(0, () => sleep(1)), undefined);
    clock.at(0, () => order.push('a'));
    clock.at(-1, () => order.push('b'));
    clock.at(0, () => order.push('never')).cancel();
    await checkpoint();
    assert.deepEqual(order, ['a', 'b']);
  });
  assert.equal(clock.now(), 0);
  assert.throws(() => clock.at(Number.NaN, () => undefined), RangeError);
  clock.at(Number.POSITIVE_INFINITY, () => undefined);
  assert.equal(clock.pendingTimers, 0);
});

test('a hand-moved clock is moved by one at a time, forward, and stays where a cancelled hand let go', async () => {
  const clock = new ManualClock();
  for (const ms of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.ok((await thrownBy(clock.advance(ms))) instanceof RangeError);
  const first = clock.advance(5);
  assert.match(shape(await thrownBy(clock.advance(5))), /it is being moved/);
  await first;
  assert.equal(clock.now(), 5);
  const scope = new CancelScope();
  clock.at(10, () => scope.cancel());
  await scope.run(() => clock.advance(100));
  assert.deepEqual([scope.cancelledCaught, clock.now()], [true, 10]);
  await clock.advance(1);
  assert.equal(clock.now(), 11);
});

test('a timer of a hand-moved clock that throws does not take the others with it', async (context) => {
  const clock = new ManualClock();
  const thrown: unknown[] = [];
  const listener = (error: unknown): void => void thrown.push(error);
  const before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', listener);
  context.after(() => {
    process.removeListener('uncaughtException', listener);
    for (const each of before) process.on('uncaughtException', each);
  });
  let fired = false;
  clock.at(1, () => {
    throw new Error('a');
  });
  clock.at(1, () => {
    fired = true;
  });
  await clock.advance(2);
  assert.deepEqual([fired, thrown.map(shape)], [true, ['a']]);
});

law('all tasks are blocked once whoever can go on has gone on, and time has not moved', async (lab) => {
  await taskGroup(async (group) => {
    const [queue, event] = [new Queue<number>(1), new Event()];
    group.startSoon(async () => {
      for (let item = 0; item < 5; item++) {
        await queue.put(item);
        await checkpoint();
      }
      await sleep(10);
      lab.note('later');
      event.set();
    });
    group.startSoon(async () => {
      for (let item = 0; item < 5; item++) lab.note(`got${await queue.get()}`);
      await event.wait();
    });
    await waitAllTasksBlocked();
    lab.note('blocked');
    assert.equal(lab.clock.now(), 0);
  });
  lab.saw('got0 got1 got2 got3 got4 blocked later');
});

law(
  'several may wait for that moment, cancelled ones throw, and with nobody else it comes at once',
  async () => {
    await waitAllTasksBlocked();
    await taskGroup((group) => {
      for (let n = 0; n < 3; n++) group.startSoon(() => waitAllTasksBlocked());
    });
    await whole(async (scope) => {
      scope.cancel();
      await cancels(waitAllTasksBlocked());
    });
    const controller = new AbortController();
    const waiting = waitAllTasksBlocked({ signal: controller.signal });
    controller.abort('enough');
    assert.equal(await thrownBy(waiting), 'enough');
  },
);

/** What a task does, step by step. */
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('sleep', 'checkpoint', 'put', 'get', 'limit', 'cancel'),
    ms: fc.nat(5),
  }),
  { maxLength: 6 },
);

/** Runs the scripts, and gives what happened, with the times. */
async function play(
  clock: Clock,
  scripts: readonly (typeof steps extends fc.Arbitrary<infer S> ? S : never)[],
) {
  const events: string[] = [];
  const queue = new Queue<number>(1);
  await withClock(clock, () =>
    taskGroup((group) => {
      for (const [who, script] of scripts.entries()) {
        const one = async (): Promise<void> => {
          for (const [index, { kind, ms }] of script.entries()) {
            if (kind === 'sleep') await sleep(ms);
            else if (kind === 'checkpoint') await checkpoint();
            else if (kind === 'put') await moveOnAfter(ms, () => queue.put(who));
            else if (kind === 'get') await moveOnAfter(ms, () => queue.get());
            else if (kind === 'limit') await moveOnAfter(ms, () => sleep(3));
            else if (ms === 0) group.cancel();
            events.push(`${who}.${index}@${now()}`);
          }
        };
        group.startSoon(one);
      }
    }),
  );
  return events;
}

test('on a hand-moved clock, moved in any steps, all happens as on the one that jumps; between two steps nothing moves', async () => {
  await assertAsyncProperty(
    fc.asyncProperty(
      fc.array(steps, { maxLength: 4 }),
      fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 8 }),
      async (scripts, moves) => {
        const expected = await play(new VirtualClock(), scripts);
        const clock = new ManualClock();
        let isOver = false;
        const playing = play(clock, scripts).finally(() => {
          isOver = true;
        });
        for (const ms of moves) {
          const before = clock.now();
          await clock.advance(ms);
          assert.equal(clock.now(), before + ms);
          const open = openTasks();
          for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
          assert.deepEqual(openTasks(), open);
        }
        await clock.advance(1000);
        assert.ok(isOver);
        assert.deepEqual(await playing, expected);
        assert.equal(clock.pendingTimers, 0);
      },
    ),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) },
  );
});
