import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHold, READER_HOLD_MS } from '../../../../src/output/writers/hold.ts';
import { createManualTicker } from '../support/manual-ticker.ts';

function setUp(forMs: number, pendingBytes?: () => number) {
  const ticker = createManualTicker();
  const seen: boolean[] = [];
  const hold = createHold({ forMs, pendingBytes, ticker, apply: (held) => void seen.push(held) });
  return { ticker, seen, hold };
}

test('G7: a full queue holds services back for a moment, or until there is room', () => {
  const { ticker, seen, hold } = setUp(READER_HOLD_MS);
  hold.onFull(true);
  ticker.advance(READER_HOLD_MS - 1);
  assert.deepEqual([seen, hold.holds()], [[true], true]);
  hold.onFull(false);
  assert.deepEqual([seen, ticker.active, hold.holds()], [[true, false], 0, false]);
});

test('G9: a reader that stays slow is not waited for again before it has caught up', () => {
  const { ticker, seen, hold } = setUp(READER_HOLD_MS);
  hold.onFull(true);
  ticker.advance(10 * READER_HOLD_MS);
  assert.deepEqual([seen, ticker.active], [[true, false], 0]);
  hold.onFull(false);
  hold.onFull(true);
  assert.deepEqual(seen, [true, false, true]);
});

test('G7: a reader that gets on is waited for, however long it takes', () => {
  let left = 40 * 1024 * 1024;
  const { ticker, seen, hold } = setUp(READER_HOLD_MS, () => left);
  hold.onFull(true);
  for (let n = 0; n < 10; n++) {
    left -= 1024 * 1024;
    ticker.advance(READER_HOLD_MS);
  }
  assert.deepEqual(seen, [true]);
  left -= 1024 * 1024 - 1;
  ticker.advance(READER_HOLD_MS);
  assert.deepEqual([seen, ticker.active], [[true, false], 0]);
});

test('G7: with backpressure it lasts as long as the queue is full', () => {
  const { ticker, seen, hold } = setUp(Number.POSITIVE_INFINITY);
  hold.onFull(true);
  ticker.advance(1e9);
  assert.deepEqual([seen, hold.holds(), ticker.active], [[true], true, 0]);
});

test('G9: it is over for good once services are to end', () => {
  for (const forMs of [READER_HOLD_MS, Number.POSITIVE_INFINITY]) {
    const { ticker, seen, hold } = setUp(forMs);
    hold.onFull(true);
    hold.release();
    hold.release();
    hold.onFull(false);
    hold.onFull(true);
    assert.deepEqual([seen, hold.holds(), ticker.active], [[true, false], false, 0]);
  }
});
