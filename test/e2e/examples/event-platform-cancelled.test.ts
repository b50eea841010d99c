/**
 * The example event-platform, cancelled at random points with random settings, and at every turn of every moment of one
 * run: the order of leaving is that of entering reversed, each is left once, nobody hands anything to what has stopped,
 * every job has its result, and every event was sent, the last by the flush at the end.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertAsyncProperty } from '../../support/assert-property.ts';
import { NotingClock } from '../../support/every-moment.ts';
import {
  assertFlushedLast,
  assertNothingLost,
  assertOrderKept,
  assertSentOnce,
  type PlatformEnd,
  type PlatformScene,
  runPlatform,
} from '../../support/platform-run.ts';

function assertLaws(end: PlatformEnd, { batchSize }: { batchSize: number }): void {
  assert.equal(end.error, undefined);
  assertOrderKept(end);
  assertFlushedLast(end, batchSize);
  assertNothingLost(end);
}

const settings = fc.record({
  latencyMs: fc.nat(30),
  queueSize: fc.nat(8),
  everyMs: fc.integer({ min: 1, max: 20 }),
  workMs: fc.nat(30),
  sampleMs: fc.integer({ min: 1, max: 100 }),
  batchSize: fc.integer({ min: 1, max: 7 }),
  sendMs: fc.nat(30),
});
const point = fc.record({ timeMs: fc.nat(700), turns: fc.nat(20) });

test('cancelled at random points, and again, with random settings', async () => {
  let [results, flushes] = [0, 0];
  await assertAsyncProperty(
    fc.asyncProperty(settings, point, point, async (settings, first, second) => {
      const end = await runPlatform({
        settings,
        script: ({ at, session, program }) => {
          at(first.timeMs, () => session.cancel(), first.turns);
          at(second.timeMs, () => program.cancel(), second.turns);
        },
      });
      assertLaws(end, settings);
      results += end.results.length;
      flushes += Number(typeof end.log.at(-2) === 'number');
    }),
    { numRuns: 300 },
  );
  assert.ok(results > 1000 && flushes > 100, `${results} ${flushes}`);
});

const brisk = { latencyMs: 5, queueSize: 2, everyMs: 2, workMs: 7, sampleMs: 15, batchSize: 3, sendMs: 3 };
const cancelAt =
  (timeMs: number, turns = 0) =>
  ({ at, session }: PlatformScene) =>
    at(timeMs, () => session.cancel(), turns);

test('cancelled at every turn of every moment of a run', async () => {
  const clock = new NotingClock();
  await runPlatform({ settings: brisk, clock, script: cancelAt(80) });
  const moments = clock.moments.filter((timeMs) => timeMs <= 80);
  assert.ok(moments.length > 30);
  for (const timeMs of moments) {
    for (let turns = 0; turns < 15; turns++) {
      assertLaws(await runPlatform({ settings: brisk, script: cancelAt(timeMs, turns) }), brisk);
    }
  }
});

test('cancelled again at every moment of stopping, by who is further out', async () => {
  const clock = new NotingClock();
  await runPlatform({ settings: brisk, clock, script: cancelAt(80) });
  const moments = clock.moments.filter((timeMs) => timeMs >= 80);
  assert.ok(moments.length > 10);
  for (const timeMs of moments) {
    for (let turns = 0; turns < 15; turns++) {
      const end = await runPlatform({
        settings: brisk,
        script: (scene) => {
          cancelAt(80)(scene);
          scene.at(timeMs, () => scene.program.cancel(), turns);
        },
      });
      assertLaws(end, brisk);
      assert.equal(end.endMs, clock.now(), 'it stopped no sooner and no later');
    }
  }
});

test('forced at every moment of stopping, it keeps the order and sends nothing twice', async () => {
  const clock = new NotingClock();
  await runPlatform({ settings: brisk, clock, script: cancelAt(80) });
  const moments = clock.moments.filter((timeMs) => timeMs >= 80);
  let losses = 0;
  for (const timeMs of moments) {
    for (let turns = 0; turns < 15; turns++) {
      const end = await runPlatform({
        settings: brisk,
        script: (scene) => {
          cancelAt(80)(scene);
          scene.at(timeMs, () => scene.force.abort(), turns);
        },
      });
      assert.equal(end.error, undefined);
      assertOrderKept(end);
      assertSentOnce(end);
      assert.ok(end.endMs <= clock.now());
      losses += Number(end.sent.length < end.published.length);
    }
  }
  assert.ok(losses > 0, 'some were cut short');
});
