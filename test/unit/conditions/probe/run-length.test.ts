import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextRun, noRun } from '../../../../src/conditions/probe/poll.ts';

const outcomes = { h: 'held', n: 'not-yet', e: 'error' } as const;

const table: readonly [outcomes: string, of: 'held' | 'not-yet', length: number][] = [
  ['', 'not-yet', 0],
  ['h', 'held', 1],
  ['hhh', 'held', 3],
  ['nnh', 'held', 1],
  ['hhn', 'not-yet', 1],
  ['hhnh', 'held', 1],
  ['e', 'not-yet', 0],
  ['heh', 'held', 2],
  ['neen', 'not-yet', 2],
  ['ehe', 'held', 1],
];

for (const [series, of, length] of table) {
  test(`after "${series}" the run is ${length} of ${of}`, () => {
    const run = [...series].reduce((run, key) => nextRun(run, outcomes[key as keyof typeof outcomes]), noRun);
    assert.deepEqual(run, { of, length });
  });
}
