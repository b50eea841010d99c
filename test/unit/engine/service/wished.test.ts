import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Wished } from '../../../../src/engine/service/wished.ts';

const down = {
  reason: 'request r1 stops it',
  by: 'person',
  isNamed: true,
  along: new Set<string>(),
} as const;

test('a stop that is taken back goes on with the wish before it', () => {
  const wished = new Wished();
  wished.wantDown(down, 'r1');
  wished.wantUp('person', 'r2', true);
  assert.deepEqual([wished.wish.number, wished.upWish, wished.isWantedUp], [3, 1, true]);
  wished.wantUp('person', 'r3');
  assert.deepEqual([wished.wish.number, wished.upWish], [4, 4]);
});

test('what came to the graph stopped has no wish to go on with: the first one to run is that which lifts the stop', () => {
  const wished = new Wished({ number: 4, by: 'person', request: 'r1', down });
  wished.wantUp('lease', 'r2', true);
  assert.deepEqual([wished.wish.number, wished.upWish], [5, 5]);
  wished.wantDown(down, 'r3');
  wished.wantUp('person', 'r4', true);
  assert.deepEqual([wished.wish.number, wished.upWish], [7, 5]);
});
