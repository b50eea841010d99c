/** So many in so much time. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  CancelScope,
  moveOnAfter,
  now,
  RateLimiter,
  sleep,
  systemClock,
  taskGroup,
  VirtualClock,
  withClock,
} from '../../../../src/concurrency/index.ts';
import { cancels, law, whole } from '../../../support/concurrency-lab.ts';
import { property } from '../../../support/property.ts';

/** Lets `count` pass, and gives the times at which they did. */
async function passing(limiter: RateLimiter, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n++) times.push(await limiter.run(now));
  return times;
}

law('a rate: no more than the limit pass in any stretch of time, wherever it begins', async () => {
  const limiter = new RateLimiter({ limit: 3, perMs: 1000 });
  await sleep(900);
  assert.deepEqual(await passing(limiter, 1), [900]);
  await sleep(900);
  assert.deepEqual(await passing(limiter, 7), [1800, 1800, 1900, 2800, 2800, 2900, 3800]);
});

law('a rate with a burst: so many at once after a rest, and the others evenly after them', async () => {
  const even = new RateLimiter({ limit: 4, perMs: 1000, burst: 1 });
  assert.deepEqual(await passing(even, 4), [0, 250, 500, 750]);
  const two = new RateLimiter({ limit: 4, perMs: 1000, burst: 2 });
  await sleep(5000 - now());
  assert.deepEqual(
    (await passing(two, 6)).map((ms) => ms - 5000),
    [0, 0, 250, 500, 1000, 1000],
  );
});

law('who waits for its turn is served in order, and nobody slips in', async (lab) => {
  const limiter = new RateLimiter({ limit: 1, perMs: 100 });
  assert.ok(limiter.tryAcquire());
  assert.equal(limiter.tryAcquire(), false);
  await taskGroup(async (group) => {
    for (const name of ['A', 'B']) group.startSoon(() => limiter.run(() => lab.noteTime(name)));
    await sleep(100);
    assert.equal(limiter.tryAcquire(), false);
    assert.deepEqual(limiter.statistics(), { waiting: 1, readyInMs: 100 });
  });
  lab.saw('A(0.1s) B(0.2s)');
});

law('a cancelled waiter has not passed, and holds no timer', async (lab) => {
  const limiter = new RateLimiter({ limit: 1, perMs: 100 });
  await limiter.acquire();
  await taskGroup((group) => {
    group.startSoon(() => moveOnAfter(50, () => limiter.run(() => assert.fail('it passed'))));
    group.startSoon(() => limiter.run(() => lab.noteTime('next')));
  });
  lab.saw('next(0.1s)');
  await moveOnAfter(50, () => limiter.acquire());
  assert.deepEqual([lab.clock.pendingTimers, limiter.statistics().waiting], [0, 0]);
  await whole(async (scope) => {
    await sleep(100);
    scope.cancel();
    await cancels(limiter.acquire());
  });
  assert.ok(limiter.tryAcquire());
});

law('a paused rate limiter lets nobody pass, and then no more than before', async (lab) => {
  const limiter = new RateLimiter({ limit: 2, perMs: 100 });
  await taskGroup(async (group) => {
    limiter.pause();
    limiter.pause();
    assert.equal(limiter.tryAcquire(), false);
    for (const name of ['A', 'B', 'C']) group.startSoon(() => limiter.run(() => lab.noteTime(name)));
    await sleep(1000);
    assert.deepEqual([limiter.isPaused, lab.clock.pendingTimers], [true, 0]);
    limiter.resume();
    limiter.resume();
    assert.equal(limiter.isPaused, false);
  });
  lab.saw('A(1s) B(1s) C(1.1s)');
});

law('it tells the time by the clock that it is given, or by that of who makes it', async () => {
  const other = new VirtualClock(77);
  const [given, ambient] = [
    new RateLimiter({ limit: 1, perMs: 10, clock: other }),
    withClock(other, () => new RateLimiter({ limit: 1, perMs: 10 })),
  ];
  for (const limiter of [given, ambient]) {
    assert.ok(limiter.tryAcquire());
    const before = other.now();
    await limiter.acquire();
    assert.equal(other.now() - before, 10);
  }
  assert.equal(now(), 0);
  assert.ok(new RateLimiter({ limit: 1, perMs: 1, clock: systemClock }).tryAcquire());
});

law('limits, bursts and times that make no sense throw', async () => {
  const make = (options: object) => () => new RateLimiter({ limit: 1, perMs: 1, ...options });
  for (const count of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(make({ limit: count }), RangeError);
    assert.throws(make({ burst: count }), RangeError);
  }
  for (const perMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(make({ perMs }), RangeError);
  assert.doesNotThrow(make({ burst: 5 }));
});

/** Comers come at whole ms, pauses begin a quarter later, those who give up do after half, and pauses end after three. */
const script = fc.record({
  limit: fc.integer({ min: 1, max: 4 }),
  pace: fc.integer({ min: 1, max: 3 }),
  burst: fc.integer({ min: 1, max: 5 }),
  comers: fc.array(fc.record({ atMs: fc.nat(12), patienceMs: fc.option(fc.nat(6), { nil: undefined }) }), {
    maxLength: 14,
  }),
  pauses: fc.array(fc.record({ atMs: fc.nat(12), forMs: fc.nat(5) }), { maxLength: 2 }),
});

type Script = typeof script extends fc.Arbitrary<infer S> ? S : never;

/** Who passes when, found by looking at every quarter of a ms. */
function expected({ limit, pace, burst, comers, pauses }: Script): readonly string[] {
  const perMs = limit * pace;
  const passed: string[] = [];
  const times: number[] = [];
  let line: number[] = [];
  let tokens = Math.min(burst, limit);
  let filledMs = 0;
  for (let ms = 0; ms <= 200; ms += 0.25) {
    for (const [who, { atMs }] of comers.entries()) if (atMs === ms) line.push(who);
    line = line.filter((who) => {
      const { atMs, patienceMs } = comers[who]!;
      return patienceMs === undefined || ms < atMs + patienceMs + 0.5;
    });
    if (pauses.some(({ atMs, forMs }) => ms >= atMs + 0.25 && ms < atMs + forMs + 0.75)) continue;
    tokens = Math.min(Math.min(burst, limit), tokens + (ms - filledMs) / pace);
    filledMs = ms;
    while (line.length > 0 && tokens > 1 - 1e-9) {
      if (times.filter((time) => time > ms - perMs).length >= limit) break;
      tokens -= 1;
      times.push(ms);
      passed.push(`${line.shift()} at ${ms}`);
    }
  }
  return passed;
}

property(
  'CS-36 CS-37 CS-44 a rate limiter is what its model is: who passes, when, and in which order, whoever gives up or pauses it',
  script,
  async (given) => {
    const { limit, pace, burst, comers, pauses } = given;
    const startMs = now();
    const limiter = new RateLimiter({ limit, perMs: limit * pace, burst });
    const passed: string[] = [];
    let pausing = 0;
    await taskGroup((group) => {
      for (const [who, { atMs, patienceMs }] of comers.entries()) {
        group.startSoon(async () => {
          await sleep(atMs);
          const timeoutMs = patienceMs === undefined ? undefined : patienceMs + 0.5;
          await new CancelScope({ timeoutMs }).run(() =>
            limiter.run(() => passed.push(`${who} at ${now() - startMs}`)),
          );
        });
      }
      for (const { atMs, forMs } of pauses) {
        group.startSoon(async () => {
          await sleep(atMs + 0.25);
          pausing += 1;
          limiter.pause();
          await sleep(forMs + 0.5);
          pausing -= 1;
          if (pausing === 0) limiter.resume();
        });
      }
    });
    assert.deepEqual(passed, expected(given));
    assert.equal(limiter.statistics().waiting, 0);
  },
);
