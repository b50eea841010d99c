import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLineQueue, type LineQueue } from '../../../../src/output/writers/line-queue.ts';
import { assertProperty } from '../../../support/assert-property.ts';

function drain(queue: LineQueue, limit = Number.POSITIVE_INFINITY): string {
  let out = '';
  for (let head = queue.head(); head !== undefined && out.length < limit; head = queue.head()) {
    const part = head.subarray(0, limit - out.length);
    out += part.toString('latin1');
    queue.shift(part.length);
  }
  return out;
}

test('what is taken comes out once, in order, and what is not is counted: together they are what came', () => {
  const push = fc.record({ kind: fc.constant('push' as const), size: fc.integer({ min: 1, max: 40 }) });
  const take = fc.record({ kind: fc.constant('take' as const), size: fc.integer({ min: 1, max: 60 }) });
  assertProperty(
    fc.property(fc.array(fc.oneof(push, take), { maxLength: 60 }), (steps) => {
      let lost = 0;
      let number = 0;
      let out = '';
      const taken: string[] = [];
      const queue = createLineQueue(128, {
        onDropped: (lines) => {
          lost += lines;
        },
      });
      for (const step of steps) {
        if (step.kind === 'take') {
          out += drain(queue, step.size);
          continue;
        }
        const line = `${'x'.repeat(step.size)}${number++}\n`;
        if (queue.push(Buffer.from(line))) taken.push(line);
        assert.ok(queue.bytes <= 128);
      }
      out += drain(queue);
      queue.clear();
      assert.equal(out, taken.join(''));
      assert.equal(lost + taken.length, number);
    }),
  );
});

test('after a drop everything is dropped until three quarters are free: one gap, told once', () => {
  const gaps: number[] = [];
  const queue = createLineQueue(100, { onDropped: (lines) => void gaps.push(lines) });
  const line = Buffer.from(`${'x'.repeat(19)}\n`);
  for (let i = 0; i < 5; i++) assert.equal(queue.push(line), true);
  assert.equal(queue.push(line), false);
  drain(queue, 40);
  assert.equal(queue.push(line), false, 'there is room, but the gap is still open');
  assert.deepEqual(gaps, []);
  drain(queue, 40);
  assert.deepEqual(gaps, [2]);
  assert.equal(queue.push(line), true);
});

test('a chunk larger than the whole queue is dropped and told at once, and does not keep the next one out', () => {
  const gaps: number[] = [];
  const queue = createLineQueue(10, { onDropped: (lines) => void gaps.push(lines) });
  assert.equal(queue.push(Buffer.from('far too long\na\n')), false);
  assert.deepEqual(gaps, [2]);
  assert.equal(queue.push(Buffer.from('b\n')), true);
});

test('the rest of a line that has begun is taken over the cap', () => {
  const queue = createLineQueue(10, { onDropped: () => assert.fail('nothing is dropped') });
  assert.equal(queue.push(Buffer.from('the rest of a line\n'), true), true);
  assert.equal(drain(queue), 'the rest of a line\n');
});

test('it is full from one half on until three quarters are free', () => {
  const changes: boolean[] = [];
  const queue = createLineQueue(100, {
    onDropped: () => undefined,
    onFull: (full) => void changes.push(full),
  });
  queue.push(Buffer.alloc(51, 10));
  assert.deepEqual([queue.full, changes], [true, [true]]);
  drain(queue, 25);
  assert.equal(queue.full, true);
  drain(queue, 1);
  assert.deepEqual([queue.full, changes], [false, [true, false]]);
});

test('clearing counts what was in it', () => {
  const gaps: number[] = [];
  const queue = createLineQueue(100, { onDropped: (lines) => void gaps.push(lines) });
  queue.push(Buffer.from('a\nb\n'));
  queue.clear();
  assert.deepEqual([gaps, queue.bytes, queue.head()], [[2], 0, undefined]);
});
