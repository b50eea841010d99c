import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStamp, createTimeOfDay, STAMP_COLUMNS } from '../../../src/output/time-of-day.ts';

test('the time is that of the day here, to the millisecond, in columns that are always the same', () => {
  for (const [text, shown] of [
    ['2025-03-09T04:05:06.007', '04:05:06.007'],
    ['2025-03-09T23:59:59.999', '23:59:59.999'],
    ['2025-03-10T00:00:00.000', '00:00:00.000'],
  ] as const) {
    // Without a zone it is a local one.
    const timeOfDay = createTimeOfDay(() => new Date(text).getTime());
    assert.equal(timeOfDay(), shown);
    assert.equal(timeOfDay().length + 1, STAMP_COLUMNS);
  }
});

test('what is told of another time has that one, and what follows has its own', () => {
  const now = new Date('2025-03-09T12:00:00.500').getTime();
  const timeOfDay = createTimeOfDay(() => now);
  const told = new Date('2025-03-09T11:59:00.001').toISOString();
  assert.deepEqual(
    [timeOfDay(), timeOfDay(told), timeOfDay()],
    ['12:00:00.500', '11:59:00.001', '12:00:00.500'],
  );
});

test('it is painted once as long as it is the same', () => {
  let time = 'a';
  const painted: string[] = [];
  const stamp = createStamp(
    () => time,
    (text) => `<${painted.push(text) && text}>`,
  );
  assert.deepEqual([stamp(), stamp()], ['<a> ', '<a> ']);
  time = 'b';
  assert.deepEqual([stamp(), painted], ['<b> ', ['a', 'b']]);
});
