import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pauseAfterMs } from '../../../../src/conditions/probe/poll.ts';

test('the adaptive pause begins at 20 ms, grows by half and stays at 500 ms', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((attempt) => pauseAfterMs(attempt, undefined));
  assert.deepEqual(pauses, [20, 30, 45, 67.5, 101.25, 151.875, 227.8125, 341.71875, 500, 500]);
  assert.equal(pauseAfterMs(100_000, undefined), 500);
});

test('a fixed pause stays as it is', () => {
  assert.deepEqual(
    [1, 2, 50].map((attempt) => pauseAfterMs(attempt, 2_000)),
    [2_000, 2_000, 2_000],
  );
});
