/**
 * A goal that is missed must be told as missed.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Figure, type Goal, isMet, ratioOf } from '../figure.ts';
import { sampleOf } from '../sample.ts';
import { renderMarkdown, renderText } from '../table.ts';

function figure(ours: number, baseline: number | undefined, goal: Goal): Figure {
  return {
    name: 'boot',
    unit: 'ms',
    ours: sampleOf([ours]),
    baseline: baseline === undefined ? undefined : { name: 'bare', sample: sampleOf([baseline]) },
    goal,
  };
}

const CASES: readonly (readonly [ours: number, baseline: number | undefined, goal: Goal, met: boolean])[] = [
  [50, 20, { of: 'ratio', is: 'at most', limit: 2.5 }, true],
  [51, 20, { of: 'ratio', is: 'at most', limit: 2.5 }, false],
  [90, 100, { of: 'ratio', is: 'at least', limit: 0.9 }, true],
  [89, 100, { of: 'ratio', is: 'at least', limit: 0.9 }, false],
  [62, 38, { of: 'difference', is: 'at most', limit: 25 }, true],
  [64, 38, { of: 'difference', is: 'at most', limit: 25 }, false],
  [5, undefined, { of: 'value', is: 'at most', limit: 5 }, true],
  [6, undefined, { of: 'value', is: 'at most', limit: 5 }, false],
  [6, undefined, { of: 'ratio', is: 'at most', limit: 5 }, false],
];

test('a goal is met up to its limit, and never without its baseline', () => {
  for (const [ours, baseline, goal, met] of CASES) {
    assert.equal(isMet(figure(ours, baseline, goal), goal), met, JSON.stringify([ours, baseline, goal]));
  }
});

test('both tables say plainly whether the goal is met', () => {
  for (const [ours, baseline, goal, met] of CASES) {
    for (const table of [renderText, renderMarkdown]) {
      const line = table([figure(ours, baseline, goal)])
        .split('\n')
        .find((each) => each.includes('boot'));
      assert.equal(line?.includes('MISSED'), !met);
    }
  }
});

test('there is no ratio to nothing', () => {
  assert.equal(ratioOf(figure(1, 0, { of: 'value', is: 'at most', limit: 1 })), undefined);
});

test('the median of an even number of values lies between the middle ones, and no values are no sample', () => {
  assert.deepEqual(sampleOf([4, 1, 3, 2]), { count: 4, min: 1, median: 2.5, max: 4 });
  assert.throws(() => sampleOf([]));
  assert.throws(() => sampleOf([1, Number.NaN]));
});
