import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countInterrupt, noInterrupts } from '../../../../src/engine/shutdown/shutdown.ts';

function levels(...atMs: number[]): number[] {
  let count = noInterrupts;
  return atMs.map((at) => {
    count = countInterrupt(count, at);
    return count.level;
  });
}

test('signals within 300 ms of the one counted count as one', () => {
  assert.deepEqual(levels(0, 1, 299), [1, 1, 1]);
  assert.deepEqual(levels(0, 300), [1, 2]);
});

test('a key held down is counted once every 300 ms, not once for ever', () => {
  assert.deepEqual(levels(0, 100, 200, 310, 400, 620), [1, 1, 1, 2, 2, 3]);
});

test('there is no level after the third', () => {
  assert.deepEqual(levels(0, 1000, 2000, 3000), [1, 2, 3, 3]);
});
