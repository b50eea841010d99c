/**
 * Whoever means the same is not to be faster; whoever lacks something is told with what it lacks, and judges nothing.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../../support/repository-root.ts';
import { figuresOf, ROWS, type Row } from '../concurrency-rows.ts';
import { isMet } from '../figure.ts';

const TIME: Row = {
  workload: 'group',
  title: 'a group',
  unit: 'µs',
  goal: { of: 'difference', is: 'at most', limit: 5 },
  beside: { 'plain promises': 'no owner', Effect: undefined, effection: 'no bound' },
};
const MEASURED = { orderly: [4], 'plain promises': [1], Effect: [2], effection: [2] };

test('the goal is held against plain promises, and beside the same meaning ours is to be no slower', () => {
  const verdicts = figuresOf(TIME, MEASURED).map((figure) => [
    figure.baseline?.name,
    figure.goal && isMet(figure, figure.goal),
  ]);
  assert.deepEqual(verdicts, [
    ['plain promises: no owner', true],
    ['Effect', false],
    ['effection: no bound', undefined],
  ]);
});

test('of a rate more is better: half the time an item is ahead', () => {
  const row: Row = { ...TIME, unit: 'M/s', beside: { Effect: undefined } };
  const [figure] = figuresOf(row, { orderly: [0.25], Effect: [0.5] });
  assert.deepEqual([figure!.ours.median, figure!.baseline?.sample.median], [4, 2]);
  assert.equal(isMet(figure!, figure!.goal!), true);
});

test('a whole round is told in ms', () => {
  const [figure] = figuresOf(
    { ...TIME, unit: 'ms', operations: 2000 },
    { orderly: [3], 'plain promises': [5] },
  );
  assert.equal(figure!.ours.median, 6);
});

test('who was not measured is left out', () => {
  assert.equal(figuresOf(TIME, { orderly: [4], 'plain promises': [1] }).length, 1);
});

test('each row is measured by a program, in rounds of as many operations as it says', () => {
  const program = readFileSync(join(repositoryRoot(), 'test/bench/programs/concurrency/measure.mjs'), 'utf8');
  for (const { workload, operations } of ROWS) {
    const found = new RegExp(`^  '?${workload}'?: ([\\d_]+),$`, 'm').exec(program)?.[1];
    assert.ok(found !== undefined, workload);
    if (operations !== undefined) assert.equal(Number(found.replaceAll('_', '')), operations, workload);
  }
});

test('the contenders have exact versions, from nobody’s own registry', () => {
  const folder = join(repositoryRoot(), 'test/bench/programs/concurrency/packages');
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  for (const version of Object.values<string>(read('package.json').dependencies)) {
    assert.match(version, /^\d+\.\d+\.\d+$/);
  }
  for (const { resolved } of Object.values<{ resolved?: string }>(read('package-lock.json').packages)) {
    if (resolved !== undefined) assert.match(resolved, /^https:\/\/registry\.npmjs\.org\//);
  }
});
