import assert from 'node:assert/strict';
import { test } from 'node:test';
import { condition, failed, held, probe } from './probing.ts';

test('delay holds when it is over', async () => {
  const { reading, atMs } = await probe(condition({ kind: 'delay', delayMs: 2_000 }));
  assert.deepEqual(reading, held('delay of 2 s'));
  assert.equal(atMs, 2_000);
});

test('a delay longer than its deadline fails', async () => {
  const { reading } = await probe(condition({ kind: 'delay', delayMs: 90_000 }));
  assert.deepEqual(reading, failed('not ready within 1 m: delay of 1 m 30 s: not over'));
});
