import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../../src/config/duration.ts';
import { assertProperty } from '../../support/assert-property.ts';

const GOOD: readonly (readonly [string, number])[] = [
  ['250ms', 250],
  ['2s', 2_000],
  ['1m30s', 90_000],
  ['1h', 3_600_000],
  ['1h1m1s1ms', 3_661_001],
  ['1.5s', 1_500],
  ['0ms', 0],
  ['90m', 5_400_000],
];
const BAD = [
  '',
  '10',
  '1s30m',
  '1 s',
  's',
  '-1s',
  '1d',
  '1S',
  '1e3s',
  '.5s',
  '1s1s',
  '99999999999999999h',
  '1s ',
];

for (const [text, milliseconds] of GOOD) {
  test(`"${text}" is ${milliseconds} milliseconds`, () => assert.equal(parseDuration(text), milliseconds));
}

for (const text of BAD) {
  test(`"${text}" is not a duration`, () => assert.equal(parseDuration(text), undefined));
}

test('a duration that is written as text reads back the same', () => {
  assertProperty(
    fc.property(fc.nat({ max: 1e12 }), (milliseconds) => {
      assert.equal(parseDuration(formatDuration(milliseconds)), milliseconds);
    }),
  );
});
