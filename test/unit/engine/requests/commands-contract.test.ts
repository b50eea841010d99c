/**
 * The contract of commands has a test for every sentence: its number is in the test's name. What the sentences say is in
 * those names; here is how many there are.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../../../support/repository-root.ts';

/** How many sentences each chapter has, numbered from 1. */
const CHAPTERS = {
  // Wanted, states, the end of a run.
  ...{ WA: 9, ST: 7, RN: 7 },
  // Requests: all of them, start, stop, restart, signal, wait.
  ...{ RQ: 17, SA: 10, SO: 12, RE: 11, SG: 4, WT: 6 },
  // Two at once, ends in the same moment, tasks, edges, counters, on_failure.
  ...{ CC: 8, TR: 6, TK: 5, ED: 11, CT: 4, OF: 6 },
  // Reload, scale, shutdown, guarantees.
  ...{ RL: 29, SC: 11, SD: 7, GU: 11 },
  // Joining, the death of the supervisor, why, the record.
  ...{ JN: 15, CR: 4, WY: 10, RC: 4 },
};

/** Whole stories, X1 and so on. */
const STORIES = 25;

const sentences = [
  ...Object.entries(CHAPTERS).flatMap(([chapter, count]) => numbered(`${chapter}-`, count)),
  ...numbered('X', STORIES),
];

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}

function testNames(): string[] {
  const folder = join(repositoryRoot(), 'test');
  const rooms = ['simulation', 'e2e', 'unit/control', 'unit/events', 'unit/library', 'unit/cli/client'];
  const files = rooms.flatMap((room) =>
    readdirSync(join(folder, room))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, room, file)),
  );
  return files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^ *(?:test|law)\(\s*(['"`])(.*?)\1,/gms)].map(
      ([, , name = '']) => name,
    ),
  );
}

test('every sentence of the contract of commands has a test with its number in the name', () => {
  const proved = new Set(testNames().flatMap((name) => name.match(/\b(?:[A-Z]{2}-\d+|X\d+)\b/g) ?? []));
  const missing = sentences.filter((id) => !proved.has(id));
  assert.deepEqual(missing, []);
});
