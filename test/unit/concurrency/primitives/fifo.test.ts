/** The list behind the queues, held against an array, however long it grows and however often it runs empty. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fifo } from '../../../../src/concurrency/primitives/stores.ts';
import { assertProperty } from '../../../support/assert-property.ts';

test('it gives what an array would give, at every length', () => {
  const steps = fc.array(fc.record({ push: fc.nat(200), shift: fc.nat(200) }), { maxLength: 12 });
  assertProperty(
    fc.property(steps, (rounds) => {
      const fifo = new Fifo<number>();
      const array: number[] = [];
      let next = 0;
      for (const { push, shift } of rounds) {
        for (let i = 0; i < push; i++) {
          fifo.push(next);
          array.push(next++);
        }
        for (let i = 0; i < shift; i++) assert.equal(fifo.shift(), array.shift());
        assert.equal(fifo.length, array.length);
      }
    }),
  );
});
