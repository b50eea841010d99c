import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OutputTail } from '../../../../src/engine/service/tail.ts';
import { assertProperty } from '../../../support/assert-property.ts';

test('it keeps the last lines, the one without a line end included', () => {
  const tail = new OutputTail();
  assert.deepEqual(tail.lines(3), []);
  tail.append(Buffer.from('a\nb\nc\nlast'));
  assert.deepEqual(tail.lines(3), ['b', 'c', 'last']);
});

test('what is missing in the middle of a large chunk never makes one line of two', () => {
  const tail = new OutputTail();
  tail.append(Buffer.from('old\nolder'));
  assert.equal(tail.isTorn, false);
  tail.append(Buffer.from(`${'y'.repeat(5000)}\nlast\n`));
  assert.deepEqual([tail.lines(3), tail.isTorn], [['last'], true]);
});

test('however output is cut into chunks, the kept lines are whole and the last ones', () => {
  const lines = fc.array(fc.string({ unit: fc.constantFrom('x', 'y', 'z'), maxLength: 60 }), {
    maxLength: 400,
  });
  assertProperty(
    fc.property(lines, fc.array(fc.integer({ min: 1, max: 6000 }), { minLength: 1 }), (all, sizes) => {
      const bytes = Buffer.from(all.map((line) => `${line}\n`).join(''));
      const tail = new OutputTail();
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const size = sizes[n % sizes.length]!;
        tail.append(bytes.subarray(at, at + size));
        at += size;
      }
      const kept = tail.lines(20);
      assert.deepEqual(kept, all.length === 0 ? [] : all.slice(-Math.min(kept.length, all.length)));
      assert.ok(kept.length === Math.min(20, all.length));
    }),
  );
});
