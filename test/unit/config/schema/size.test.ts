import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSize } from '../../../../src/config/schema/scalar.ts';

const SIZES: readonly (readonly [string, number | undefined])[] = [
  ['0B', 0],
  ['12B', 12],
  ['500KB', 500_000],
  ['10MB', 10_000_000],
  ['1.5GB', 1_500_000_000],
  ['2TB', 2e12],
  ['1KiB', 1024],
  ['10MiB', 10_485_760],
  ['1GiB', 1_073_741_824],
  ['0.5KiB', 512],
  ['10', undefined],
  ['10M', undefined],
  ['10mb', undefined],
  ['10 MB', undefined],
  ['-1MB', undefined],
  ['1iB', undefined],
  ['MB', undefined],
  ['1MB2KB', undefined],
  ['99999999TB', undefined],
];

for (const [text, bytes] of SIZES) {
  test(`"${text}" is ${bytes === undefined ? 'no size' : `${bytes} bytes`}`, () => {
    assert.equal(parseSize(text), bytes);
  });
}
