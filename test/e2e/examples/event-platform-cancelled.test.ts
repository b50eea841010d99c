/**
 * The example event-platform, cancelled at random points with random settings, and at every turn of every moment of one
 * run: the order of leaving is that of entering reversed, each is left once, and no event is lost.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NotingClock } from '../../support/every-moment.ts';
import {
  assertNothingLost,
  assertOrderKept,
  type PlatformEnd,
  type PlatformScene,
  runPlatform,
} from '../../support/platform-run.ts';

function assertLaws(end: PlatformEnd): void {
  assert.equal(end.error, undefined);
  assertOrderKept(end);
  assertNothingLost(end);
}

const settings = fc.record({
  latencyMs: fc.nat(30),
  inboxSize: fc.nat(8),
  workMs: fc.nat(30),
  batchSize: fc.integer({ min: 1, max: 7 }),
  everyMs: fc.integer({ min: 1, max: 20 }),
  sampleMs: fc.integer({ min: 1, max: 100 }),
});
const point = fc.record({ timeMs: fc.nat(700), turns: fc.nat(20) });

test('cancelled at random points, and again, with random settings', async () => {
  let events = 0;
  await fc.assert(
    fc.asyncProperty(settings, point, point, async (settings, first, second) => {
      const end = await runPlatform({
        settings,
        script: ({ at, session, program }) => {
          at(first.timeMs, () => session.cancel(), first.turns);
          at(second.timeMs, () => program.cancel(), second.turns);
        },
      });
      assertLaws(end);
      events += end.produced;
    }),
    { numRuns: 300 },
  );
  assert.ok(events > 1000, 'most runs came as far as to produce');
});

const brisk = { latencyMs: 5, inboxSize: 2, workMs: 7, batchSize: 3, everyMs: 2, sampleMs: 15 };
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
      assertLaws(await runPlatform({ settings: brisk, script: cancelAt(timeMs, turns) }));
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
      assertLaws(end);
      assert.equal(end.endMs, clock.now(), 'it stopped no sooner and no later');
    }
  }
});
