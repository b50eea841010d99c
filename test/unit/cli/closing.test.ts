/** How long what has not been written yet may take at the end: never beyond the second that a shutdown has on top of its budget. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closingMs } from '../../../src/cli/open-output.ts';
import { FLUSH_LIMIT_MS } from '../../../src/output/output.ts';

/** What the helpers of a run may take after its outputs: the guardian, and the children that end by themselves. */
const HELPERS_MS = 600;

test('G4 with budget left a slow reader has its whole second', () => {
  assert.equal(closingMs(1000, 28_000), FLUSH_LIMIT_MS);
});

test('G4 a shutdown that has used up its budget ends within a second of it, whatever disks and readers do', () => {
  for (const lateMs of [0, 50, 100, 200]) {
    const filesMs = closingMs(10_000 + lateMs, 10_000) / 2;
    const atMs = 10_000 + lateMs + filesMs;
    assert.ok(atMs + closingMs(atMs, 10_000) + HELPERS_MS <= 11_050, `${lateMs} ms late`);
  }
});

test('however late it is, what is taken at once is written', () => {
  assert.ok(closingMs(99_000, 10_000) > 0);
});
