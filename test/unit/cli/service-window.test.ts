/**
 * How large the terminal of a service is: what is left of ours beside the names.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beside } from '../../../src/cli/open-output.ts';

for (const [columns, prefix, left] of [
  [100, 6, 94],
  [100, 0, 100],
  [26, 6, 20],
  [25, 6, 20],
  [1, 6, 20],
  [40, 60, 20],
] as const) {
  test(`of ${columns} columns and names of ${prefix} it has ${left}`, () => {
    assert.deepEqual(beside(prefix, { columns, rows: 7 }), { columns: left, rows: 7 });
  });
}
