import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Health,
  healthy,
  judgeCheck,
  type Thresholds,
} from '../../../../src/conditions/health/verdict.ts';
import { assertProperty } from '../../../support/assert-property.ts';

const outcomes = { h: 'held', n: 'not-yet', e: 'error' } as const;
type Letter = keyof typeof outcomes;

/** The turns that a series of checks makes, each with the place of its check. */
function turns(series: string, thresholds: Thresholds): string[] {
  let health: Health = healthy;
  return [...series].flatMap((letter, index) => {
    const judged = judgeCheck(health, outcomes[letter as Letter], thresholds);
    health = judged.health;
    return judged.turn === undefined ? [] : [`${index} ${judged.turn}`];
  });
}

const table: readonly (readonly [law: string, series: string, Thresholds, turns: readonly string[]])[] = [
  ['below the threshold nothing is said', 'nnhnnhnn', { failures: 3, successes: 1 }, []],
  [
    'the failure that reaches it counts, and is told once',
    'nnnnnn',
    { failures: 3, successes: 1 },
    ['2 unhealthy'],
  ],
  ['with a threshold of one the first counts', 'hn', { failures: 1, successes: 1 }, ['1 unhealthy']],
  [
    'it is healthy again after enough successes in a row',
    'nnhnhhnhhh',
    { failures: 2, successes: 3 },
    ['1 unhealthy', '9 healthy'],
  ],
  [
    'once healthy again it takes all failures again',
    'nnhnhnn',
    { failures: 2, successes: 1 },
    ['1 unhealthy', '2 healthy', '6 unhealthy'],
  ],
  [
    'checks that could not be made neither count nor reset',
    'nenen',
    { failures: 3, successes: 1 },
    ['4 unhealthy'],
  ],
  [
    'many of them in a row are told once',
    'eeeeeheee',
    { failures: 1, successes: 1 },
    ['2 not-made', '8 not-made'],
  ],
  ['they tell nothing where others come between', 'eeheenee', { failures: 2, successes: 1 }, []],
];

for (const [law, series, thresholds, wanted] of table) {
  test(`${law}: ${series}`, () => assert.deepEqual(turns(series, thresholds), wanted));
}

/** As one would say it: look at the last so many checks that could be made. */
function model(series: string, { failures, successes }: Thresholds): string[] {
  let isHealthy = true;
  const told: string[] = [];
  for (let index = 0; index < series.length; index++) {
    if (series[index] === 'e') continue;
    const made = series.slice(0, index + 1).replaceAll('e', '');
    const ends = isHealthy ? 'n'.repeat(failures) : 'h'.repeat(successes);
    if (!made.endsWith(ends)) continue;
    isHealthy = !isHealthy;
    told.push(`${index} ${isHealthy ? 'healthy' : 'unhealthy'}`);
  }
  return told;
}

test('any series of checks turns where the last so many of them say so', () => {
  assertProperty(
    fc.property(
      fc.string({ unit: fc.constantFrom('h', 'n', 'n', 'h', 'e'), maxLength: 60 }),
      fc.record({ failures: fc.integer({ min: 1, max: 4 }), successes: fc.integer({ min: 1, max: 4 }) }),
      (series, thresholds) => {
        const seen = turns(series, thresholds).filter((turn) => !turn.endsWith('not-made'));
        assert.deepEqual(seen, model(series, thresholds));
      },
    ),
    { numRuns: 2000 },
  );
});
