/**
 * Which hooks may run at the same time, and what becomes of those that come meanwhile.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Lanes } from '../../../src/hooks/lanes.ts';
import { assertProperty } from '../../support/assert-property.ts';

test('while one runs the newest of its place waits, and says how many it stands for', () => {
  const lanes = new Lanes<number>(2);
  for (const item of [1, 2, 3]) lanes.add('a', item);
  assert.deepEqual(lanes.take(), { place: 'a', item: 3, missed: 2 });
  assert.equal(lanes.take(), undefined);
  lanes.add('a', 4);
  lanes.add('b', 5);
  assert.equal(lanes.take()?.item, 5, 'another place need not wait for it');
  lanes.end('a');
  assert.deepEqual(lanes.take(), { place: 'a', item: 4, missed: 0 });
});

const step = fc.record({
  place: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  act: fc.constantFrom('add', 'end'),
});

test('of each place one at most, of all a few, and whatever comes is run or counted by what comes after it', () => {
  assertProperty(
    fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 1, max: 4 }), (steps, most) => {
      const lanes = new Lanes<number>(most);
      const running = new Set<string>();
      const added = new Map<string, number>();
      const told = new Map<string, number>();
      const takeAll = (): void => {
        for (let next = lanes.take(); next !== undefined; next = lanes.take()) {
          assert.ok(!running.has(next.place));
          running.add(next.place);
          assert.ok(running.size <= most);
          told.set(next.place, (told.get(next.place) ?? 0) + 1 + next.missed);
          assert.equal(told.get(next.place), next.item, 'the newest, with all that it stands for');
        }
      };
      const end = (place: string): void => {
        if (running.delete(place)) lanes.end(place);
      };
      for (const { place, act } of steps) {
        if (act === 'end') end(place);
        else {
          added.set(place, (added.get(place) ?? 0) + 1);
          lanes.add(place, added.get(place)!);
        }
        takeAll();
      }
      for (let rounds = 0; running.size > 0; rounds++) {
        assert.ok(rounds < 200);
        for (const place of [...running]) end(place);
        takeAll();
      }
      assert.ok(lanes.isIdle);
      assert.deepEqual(told, added);
    }),
  );
});
