/**
 * The contract has a test for every sentence: its number is in the test's name. What the sentences say is in those
 * names; here is only how many there are.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../../support/repository-root.ts';

/** How many sentences each chapter has, numbered from 1. */
const CHAPTERS = {
  // Groups, scopes, shields, errors, clean-ups.
  ...{ TG: 37, CS: 44, SH: 16, EG: 8, ST: 9 },
  // Events, locks, semaphores, limiters, conditions, queues.
  ...{ EV: 2, LK: 6, SM: 4, CL: 6, CD: 7, QU: 13, PQ: 4 },
  // gather, race, boundedMap, retry, completions, watchdogs, breakers, leak tracking.
  ...{ GA: 4, RA: 4, BM: 5, RT: 5, CO: 5, WD: 5, BR: 4, LT: 2 },
  // Managers, registries, task queues, monitors.
  ...{ TM: 13, TR: 9, TQ: 8, LM: 5 },
  // Abort signals, the ambient scope, JavaScript itself.
  ...{ AB: 9, AL: 7, JS: 8 },
};

/** Whole stories, X1 and so on. */
const STORIES = 27;

const sentences = [
  ...Object.entries(CHAPTERS).flatMap(([chapter, count]) => numbered(`${chapter}-`, count)),
  ...numbered('X', STORIES),
];

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}

/** The names of all tests in this folder, and in those inside it, that run. */
function testNames(): string[] {
  const folder = join(repositoryRoot(), 'test/unit/concurrency');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const sources = files.map((file) => readFileSync(join(folder, file), 'utf8'));
  return sources.flatMap((source) =>
    [...source.matchAll(/^ *(?:law|test)\(\s*(['"`])(.*?)\1,/gms)].map(([, , name = '']) => name),
  );
}

function idsIn(names: readonly string[]): Set<string> {
  return new Set(names.flatMap((name) => name.match(/\b(?:[A-Z]{2}-\d+|X\d+)\b/g) ?? []));
}

test('every sentence of the contract has a test with its number in the name', () => {
  const proved = idsIn(testNames());
  assert.equal(sentences.length, 249 + STORIES);
  assert.deepEqual(
    sentences.filter((id) => !proved.has(id)),
    [],
  );
});

test('no test has the number of a sentence that is none', () => {
  const known = new Set(sentences);
  assert.deepEqual(
    [...idsIn(testNames())].filter((id) => !known.has(id)),
    [],
  );
});
