/**
 * The parts of the soak that need no time: its configurations are good ones, and it tells growth from noise.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goodConfig } from '../../unit/config/load.ts';
import { soakConfig } from '../graph.ts';
import { levelOf, median, minimum } from '../plateau.ts';
import { createChance } from '../random.ts';

test('every seed gives a good configuration of thirty services, the same one again', async () => {
  for (let seed = 0; seed < 30; seed++) {
    const text = soakConfig(createChance(seed), 30);
    assert.equal((await goodConfig(text)).services.length, 30);
    assert.equal(soakConfig(createChance(seed), 30), text);
  }
});

/** A reading a second. */
const series = (...values: readonly number[]) => values.map((value, n) => ({ atMs: n * 1000, value }));
const five = () => 5;

test('growth while warming up is none, later it is a leak', () => {
  assert.equal(levelOf(series(20, 40, 60, 61, 59, 62), 2000, median, five)?.keeps, true);
  assert.equal(levelOf(series(20, 40, 60, 66, 70, 75), 2000, median, five)?.keeps, false);
});

test('of descriptors only the least ever open counts', () => {
  assert.equal(levelOf(series(80, 90, 80, 120), 0, minimum, five)?.keeps, true);
  assert.equal(levelOf(series(80, 80, 90, 91), 0, minimum, five)?.keeps, false);
});

test('too few readings tell nothing', () => {
  assert.equal(levelOf(series(1, 2, 3), 2000, median, five), undefined);
});
