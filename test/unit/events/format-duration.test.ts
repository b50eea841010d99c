import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration } from '../../../src/events/format-duration.ts';

const table: readonly [durationMs: number, text: string][] = [
  [-5, '0 ms'],
  [0, '0 ms'],
  [0.4, '0 ms'],
  [312.4, '312 ms'],
  [999.4, '999 ms'],
  [999.6, '1 s'],
  [1_000, '1 s'],
  [1_234, '1.2 s'],
  [59_940, '59.9 s'],
  [59_960, '1 m'],
  [60_000, '1 m'],
  [65_000, '1 m 5 s'],
  [119_600, '2 m'],
  [3_599_400, '59 m 59 s'],
  [3_599_600, '1 h'],
  [7_380_000, '2 h 3 m'],
  [86_399_000, '1 d'],
  [90_000_000, '1 d 1 h'],
  [Number.POSITIVE_INFINITY, 'no limit'],
];

for (const [durationMs, text] of table) {
  test(`${durationMs} ms reads as ${text}`, () => {
    assert.equal(formatDuration(durationMs), text);
  });
}
