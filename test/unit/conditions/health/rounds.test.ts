import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  dueMs,
  firstRound,
  gridOf,
  isMissed,
  nextRound,
  roundAfter,
} from '../../../../src/conditions/health/rounds.ts';
import { assertProperty } from '../../../support/assert-property.ts';

const grids = fc.record({
  intervalMs: fc.integer({ min: 1, max: 3_600_000 }),
  index: fc.nat(1000),
});
const times = fc.double({ min: 0, max: 1e10, noNaN: true });

test('the first check is due after that moment, and within an interval', () => {
  assertProperty(
    fc.property(grids, times, ({ intervalMs, index }, atMs) => {
      const grid = gridOf(intervalMs, index);
      const waitMs = dueMs(grid, firstRound(grid, atMs, false)) - atMs;
      assert.ok(waitMs > -1e-3 && waitMs <= intervalMs + 1e-3, `${waitMs}`);
    }),
  );
});

test('who listens has listened for a whole interval at the first check', () => {
  assertProperty(
    fc.property(grids, times, ({ intervalMs, index }, atMs) => {
      const grid = gridOf(intervalMs, index);
      const waitMs = dueMs(grid, firstRound(grid, atMs, true)) - atMs;
      assert.ok(waitMs > intervalMs - 1e-3 && waitMs <= 2 * intervalMs + 1e-3, `${waitMs}`);
    }),
  );
});

test('no round comes twice, however early its timer fired, and none is made up for', () => {
  assertProperty(
    fc.property(grids, times, times, ({ intervalMs, index }, readyMs, laterMs) => {
      const grid = gridOf(intervalMs, index);
      const round = firstRound(grid, readyMs, false);
      assert.equal(nextRound(grid, round, dueMs(grid, round) - 0.9), round + 1);
      const later = nextRound(grid, round, readyMs + laterMs);
      assert.ok(later > round);
      assert.ok(later === round + 1 || dueMs(grid, later) - (readyMs + laterMs) <= intervalMs + 1e-3);
    }),
  );
});

test('a round is missed once the next one is due', () => {
  const grid = gridOf(1000, 0);
  assert.equal(isMissed(grid, 3, 3000), false);
  assert.equal(isMissed(grid, 3, 3999), false);
  assert.equal(isMissed(grid, 3, 4000), true);
  assert.equal(roundAfter(grid, 4000), 5);
});

/** The largest share of the checks of an interval that falls into a window of a twentieth of it. */
function crowded(count: number): number {
  const phases = Array.from({ length: count }, (_, index) => gridOf(1, index).phase);
  const inWindow = (from: number) => phases.filter((phase) => (phase - from + 1) % 1 < 0.05).length;
  return Math.max(...phases.map(inWindow)) / count;
}

test('the checks of any number of services are spread evenly over their interval', () => {
  for (const count of [20, 50, 100, 200, 500]) {
    const share = crowded(count);
    assert.ok(share <= 0.05 + 2 / count, `${count} services: ${share} in a twentieth of the interval`);
  }
});
