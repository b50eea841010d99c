import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RestartPolicy } from '../../../../src/config/types.ts';
import {
  backoffMs,
  decideRestart,
  type EndedRun,
  noRestarts,
  type RestartDecision,
  type RestartHistory,
} from '../../../../src/engine/service/restart.ts';
import { assertProperty } from '../../../support/assert-property.ts';

const policy: RestartPolicy = {
  policy: 'on-failure',
  max: 3,
  windowMs: 60_000,
  delayMs: 100,
  factor: 2,
  maxDelayMs: 1000,
  jitter: 0.1,
  resetAfterMs: 30_000,
  successCodes: [0],
};
const failure: EndedRun = { outcome: 'failure', readyMs: undefined };
const success: EndedRun = { outcome: 'success', readyMs: 0 };
const readyFor = (readyMs: number): EndedRun => ({ outcome: 'failure', readyMs });

interface Timed {
  readonly atMs: number;
  readonly ended: EndedRun;
}

/** The decisions about a service that ends like this, until it isn't started again. */
function decisions(given: RestartPolicy, ends: readonly Timed[], random = 0): readonly RestartDecision[] {
  let history: RestartHistory = noRestarts;
  const made: RestartDecision[] = [];
  for (const { atMs, ended } of ends) {
    const decision = decideRestart(given, history, ended, atMs, random);
    made.push(decision);
    if (decision.kind !== 'restart') break;
    history = decision.history;
  }
  return made;
}

const every = (stepMs: number, count: number, ended = failure): Timed[] =>
  Array.from({ length: count }, (_, at) => ({ atMs: at * stepMs, ended }));
const told = (made: readonly RestartDecision[]) =>
  made.map((one) =>
    one.kind === 'restart' ? one.delayMs : one.kind === 'failed' ? one.exhausted : one.kind,
  );

test('the delay grows by the factor up to its maximum', () => {
  assert.deepEqual(told(decisions({ ...policy, max: 0 }, every(1000, 6))), [100, 200, 400, 800, 1000, 1000]);
});

test('jitter adds at most its share to the delay', () => {
  assert.deepEqual(told(decisions({ ...policy, max: 0 }, every(1000, 5), 0.5)), [105, 210, 420, 840, 1050]);
});

const limits: readonly (readonly [
  law: string,
  given: Partial<RestartPolicy>,
  ends: readonly Timed[],
  restarts: number,
  exhausted: string | undefined,
])[] = [
  ['restarts in a row end it', {}, every(1000, 9), 3, 'restarted 3 times in a row'],
  ['however slow they are', {}, every(3_600_000, 9), 3, 'restarted 3 times in a row'],
  ['one is told as one', { max: 1 }, every(1000, 9), 1, 'restarted once'],
  [
    'ready for less than reset_after is the same row',
    {},
    every(90_000, 9, readyFor(29_999)),
    3,
    'restarted 3 times in a row',
  ],
  ['ready for reset_after ends a row', {}, every(90_000, 50, readyFor(30_000)), 50, undefined],
  [
    'restarts within the window end it, whatever lay between',
    { resetAfterMs: 10 },
    every(1000, 9, readyFor(10)),
    3,
    'restarted 3 times within 1 m',
  ],
  [
    'restarts older than the window do not count',
    { resetAfterMs: 10 },
    every(20_000, 50, readyFor(10)),
    50,
    undefined,
  ],
  [
    'what was never ready ends no row, be reset_after 0',
    { resetAfterMs: 0 },
    every(90_000, 9),
    3,
    'restarted 3 times in a row',
  ],
  ['max: 0 is no limit', { max: 0 }, every(10, 5000), 5000, undefined],
  [
    'a success that is started again counts too',
    { policy: 'always' },
    every(1000, 9, success),
    3,
    'restarted 3 times in a row',
  ],
];
for (const [law, given, ends, restarts, exhausted] of limits) {
  test(`limits of restarts: ${law}`, () => {
    const made = decisions({ ...policy, ...given }, ends);
    assert.equal(made.filter(({ kind }) => kind === 'restart').length, restarts);
    const last = made.at(-1);
    assert.equal(last?.kind === 'failed' ? last.exhausted : undefined, exhausted);
  });
}

test('being ready long enough makes the next failure the first again', () => {
  const history = { inRow: 4, recent: [] };
  const after = (readyMs: number | undefined) => {
    const decision = decideRestart({ ...policy, max: 0 }, history, { outcome: 'failure', readyMs }, 1e6, 0);
    return decision.kind === 'restart' ? decision.failures : undefined;
  };
  assert.deepEqual([after(undefined), after(29_999), after(30_000)], [5, 5, 1]);
});

test('which ends are followed by a restart', () => {
  const table = [
    ['no', failure, 'failed'],
    ['no', success, 'completed'],
    ['on-failure', failure, 'restart'],
    ['on-failure', success, 'completed'],
    ['always', failure, 'restart'],
    ['always', success, 'restart'],
    ['always', { outcome: 'hopeless', readyMs: 0 }, 'failed'],
    ['on-failure', { outcome: 'hopeless', readyMs: 0 }, 'failed'],
  ] as const;
  for (const [word, ended, expected] of table) {
    const decision = decideRestart({ ...policy, policy: word }, noRestarts, ended, 0, 0);
    assert.equal(decision.kind, expected, `${word} after ${ended.outcome}`);
  }
});

const longMs = fc.oneof(fc.constant(0), fc.constant(1), fc.nat(100_000), fc.maxSafeNat());
const policies: fc.Arbitrary<RestartPolicy> = fc.record({
  policy: fc.constant('on-failure' as const),
  max: fc.oneof(fc.nat(6), fc.constant(1e9)),
  windowMs: fc.oneof(fc.constant(60_000), fc.integer({ min: 1, max: 100_000 })),
  delayMs: longMs,
  factor: fc.oneof(fc.constant(1), fc.constant(2), fc.double({ min: 1, max: 1.7e308, noNaN: true })),
  maxDelayMs: longMs,
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  resetAfterMs: fc.oneof(fc.constant(0), fc.nat(1000)),
  successCodes: fc.constant([0]),
});

test('a back-off is finite and within its bounds, whatever the policy, up to failure 1,000,000,000', () => {
  const numbers = fc.oneof(fc.constantFrom(1, 2, 1024, 1025, 1e9), fc.integer({ min: 1, max: 1e9 }));
  const random = fc.double({ min: 0, max: 0.999, noNaN: true });
  assertProperty(
    fc.property(policies, numbers, random, (given, failures, part) => {
      const delayMs = backoffMs(given, failures, part);
      assert.ok(delayMs >= 0 && delayMs <= 2 * given.maxDelayMs, `${delayMs}`);
      if (given.delayMs === 0) assert.equal(delayMs, 0);
    }),
    { numRuns: 5000, includeErrorInReport: true },
  );
});

const ends = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.constant(0), fc.nat(20), fc.nat(20_000)),
    readyMs: fc.option(fc.nat(1500), { nil: undefined }),
  }),
  { maxLength: 200 },
);

test('never more than max restarts in a row nor within the window, and what was told is what decides', () => {
  assertProperty(
    fc.property(policies, ends, (given, steps) => {
      let atMs = 0;
      const timed = steps.map(({ afterMs, readyMs }) => {
        atMs += afterMs;
        return { atMs, ended: { outcome: 'failure', readyMs } as const };
      });
      const made = decisions(given, timed);
      let row = 0;
      const restartsMs: number[] = [];
      for (const [index, decision] of made.entries()) {
        const { atMs: nowMs, ended } = timed[index]!;
        if (ended.readyMs !== undefined && ended.readyMs >= given.resetAfterMs) row = 0;
        const within = restartsMs.filter((ms) => ms > nowMs - given.windowMs).length;
        const slack = restartsMs.filter((ms) => ms > nowMs - given.windowMs * 1.001).length;
        const mayRestart = given.max === 0 || Math.max(row, within) < given.max;
        if (decision.kind === 'restart') {
          assert.ok(mayRestart);
          row++;
          restartsMs.push(nowMs);
          assert.equal(decision.failures, row);
          assert.ok(decision.history.recent.length <= 1001);
        } else assert.ok(given.max > 0 && Math.max(row, slack) >= given.max, 'it gave up too early');
      }
    }),
    { numRuns: 2000, includeErrorInReport: true },
  );
});

test('the memory of a million restarts in a second is bounded', () => {
  const endless = { ...policy, max: 1e9, delayMs: 0, resetAfterMs: 0 };
  let history = noRestarts;
  for (let at = 0; at < 1e6; at++) {
    const decision = decideRestart(endless, history, readyFor(0), at / 1000, 0);
    if (decision.kind !== 'restart') assert.fail(`ended after ${at}`);
    history = decision.history;
    assert.ok(history.recent.length <= 1001);
  }
  assert.equal(
    history.recent.reduce((sum, { count }) => sum + count, 0),
    1e6,
  );
});
