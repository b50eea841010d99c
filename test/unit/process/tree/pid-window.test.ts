import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lowestYoungPid, type PidCounters } from '../../../../src/process/tree/table/look.ts';
import { assertProperty } from '../../../support/assert-property.ts';

const at = (last: number, made: number, most = 32_768): PidCounters => ({ last, made, most });

test('the first signal: only what is younger than we needs a look, as long as pids have not begun anew', () => {
  assert.equal(lowestYoungPid(1000, at(1005, 50_000), at(9000, 58_000)), 1000);
  assert.equal(lowestYoungPid(1000, at(1005, 50_000), at(900, 82_000)), 1, 'they are below us again');
  assert.equal(lowestYoungPid(1000, at(1005, 50_000), at(1200, 83_000)), 1, 'once around and past us');
  assert.equal(
    lowestYoungPid(10_000, at(300, 50_000), at(10_001, 59_701)),
    1,
    'around before we first looked',
  );
});

test('whatever is made in whatever order, nobody younger than we is ever left out', () => {
  const first = 300;
  const most = 1000;
  // The numbers that the kernel gives out after ours, in order.
  const given = (self: number, count: number) => ((self - first + count) % (most - first)) + first;
  const script = fc.record({
    self: fc.integer({ min: first, max: most - 1 }),
    // We look for the first time within moments of our start.
    untilFirst: fc.nat(190),
    since: fc.nat(4000),
    made: fc.integer({ min: 1, max: 4200 }),
  });
  assertProperty(
    fc.property(script, ({ self, untilFirst, since, made }) => {
      const before = at(given(self, untilFirst), untilFirst, most);
      const now = at(given(self, untilFirst + since), untilFirst + since, most);
      const lowest = lowestYoungPid(self, before, now);
      assert.ok(made > untilFirst + since || given(self, made) >= lowest);
    }),
  );
});
