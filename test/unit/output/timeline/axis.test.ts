/**
 * The time axis: in order, with room for what happens, and round numbers on it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createAxis } from '../../../../src/output/timeline/axis.ts';
import { momentText, niceStep, ticksOf } from '../../../../src/output/timeline/ticks.ts';
import { assertProperty } from '../../../support/assert-property.ts';
import { finished, goodRun, longRun, of, shutdown, started, timelineOf } from './runs.ts';

const WIDTH = 800;
const spacing = (label: string) => label.length * 7 + 20;

test('of three days the start, an incident and the shutdown are all to be seen', () => {
  const axis = createAxis(timelineOf(...longRun()), WIDTH, 40);
  assert.equal(axis.pieces.filter(({ broken }) => broken).length, 2);
  const downMs = 3 * 86_400_000 - 1500;
  assert.ok(axis.at(2000) > WIDTH / 5);
  assert.ok(axis.at(downMs + 1000) - axis.at(downMs) > WIDTH / 10);
});

test('a short run without idle time has no break', () => {
  const run = timelineOf(...goodRun.slice(0, 9), shutdown(330), of(330, 'db', 'stopping'), finished(700));
  assert.deepEqual(
    createAxis(run, WIDTH, 40).pieces.map(({ broken }) => broken),
    [false],
  );
});

test('a wait that dwarfs all else is broken, too', () => {
  const run = timelineOf(
    started(0, { slow: [], quick: [] }),
    of(0, 'slow', 'starting'),
    of(0, 'quick', 'starting'),
    of(1000, 'quick', 'ready'),
    of(86_400_000, 'slow', 'ready'),
    shutdown(86_401_000),
    of(86_401_000, 'slow', 'stopping'),
    finished(86_402_000),
  );
  assert.ok(createAxis(run, WIDTH, 40).at(1000) > WIDTH / 10);
});

test('a run without any time has an axis', () => {
  const axis = createAxis(timelineOf(started(5, {})), WIDTH, 40);
  assert.equal(axis.at(5), 0);
  assert.ok(ticksOf(axis, spacing).every(({ at }) => at >= 0 && at <= WIDTH));
});

test('many incidents do not make a picture of breaks', () => {
  const incidents = Array.from({ length: 500 }, (_, index) => [
    of(1e6 + index * 600_000, 'a', 'unhealthy'),
    of(1e6 + index * 600_000 + 1000, 'a', 'healthy'),
  ]);
  const run = timelineOf(
    started(0, { a: [] }),
    of(1, 'a', 'starting'),
    of(50, 'a', 'ready'),
    ...incidents.flat(),
  );
  const { pieces } = createAxis(run, WIDTH, 40);
  const broken = pieces.filter((piece) => piece.broken);
  assert.ok(broken.length <= 12);
  assert.ok(broken.reduce((sum, { from, to }) => sum + to - from, 0) <= WIDTH * 0.31);
});

test('later is never to the left, ends are the ends, and no two ticks touch', () => {
  // Microseconds, as events have them: some in a moment, some days apart.
  const moment = fc
    .oneof(
      fc.nat(100),
      fc.nat(10_000_000),
      fc.maxSafeNat().map((us) => us % 1e12),
    )
    .map((us) => us / 1000);
  const moments = fc.array(moment, { minLength: 1, maxLength: 12 });
  assertProperty(
    fc.property(moments, fc.integer({ min: 20, max: 2000 }), (unsorted, size) => {
      const times = unsorted.sort((a, b) => a - b);
      const deeds = ['starting', 'ready', 'stopping', 'stopped'];
      const told = times.slice(1).map((ms, index) => of(ms, `s${index % 3}`, deeds[Math.floor(index / 3)]!));
      const timeline = timelineOf(started(times[0]!, { s0: [], s1: [], s2: [] }), ...told);
      const axis = createAxis(timeline, size, 30);
      const places = times.map(axis.at);
      for (const [index, at] of places.slice(1).entries()) assert.ok(at >= places[index]!);
      assert.equal(axis.at(timeline.startMs), 0);
      assert.ok(places.every((at) => at >= 0 && at <= size));
      assert.equal(axis.at(Math.max(timeline.endMs, timeline.startMs + 0.001)), size);
      const ticks = ticksOf(axis, spacing);
      for (const [index, { at, label }] of ticks.slice(1).entries()) {
        assert.ok(at - ticks[index]!.at >= spacing(label) * 0.98);
      }
    }),
    // Two moments a week and a millisecond from a third: the end of the axis lay beyond its size, by rounding.
    { numRuns: 300, examples: [[[8085.894, 8086.894, 536_878_998.248], 32]] },
  );
});

for (const [atLeast, step] of [
  [0.0004, 0.001],
  [0.03, 0.05],
  [3, 5],
  [5, 5],
  [5.1, 10],
  [140, 200],
  [21_000, 50_000],
  [31_000, 60_000],
  [61_000, 120_000],
  [3_700_000, 7_200_000],
  [44_000_000, 86_400_000],
  [200_000_000, 432_000_000],
] as const) {
  test(`the round step of at least ${atLeast} ms is ${step} ms`, () => assert.equal(niceStep(atLeast), step));
}

for (const [ms, stepMs, text] of [
  [0, 10, '0'],
  [0.25, 0.05, '0.25 ms'],
  [250, 50, '250 ms'],
  [1500, 500, '1.5 s'],
  [2000, 1000, '2 s'],
  [2000, 500, '2.0 s'],
  [60_000, 10_000, '0:01:00'],
  [119_999.99, 1000, '0:02:00'],
  [3_723_500, 500, '1:02:03.5'],
  [86_400_000 * 2 + 61_000, 1000, '2d 0:01:01'],
] as const) {
  test(`${ms} ms is written ${text} among steps of ${stepMs} ms`, () =>
    assert.equal(momentText(ms, stepMs), text));
}
