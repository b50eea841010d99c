/**
 * Which orphans are taken for what a command started in the background that has just ended: none that could be another's.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findStrays, type StrayFacts } from '../../../../src/process/tree/claim-strays.ts';
import { createSnapshot, type Process } from '../../../../src/process/tree/members/snapshot.ts';
import { facts as createFacts } from '../../../support/tree-facts.ts';

const US = 10;
const facts: StrayFacts = { adopter: US, isOwnChild: (pid) => pid === 20, bornFrom: 1000 };

/** An orphan of ours with a session of its own and no mark, born in time. */
const orphan = (pid: number, about: Partial<Process> = {}): Process =>
  createFacts(pid, US, { startTicks: 1001, ...about });

const table: readonly (readonly [name: string, processes: readonly Process[], found: readonly number[]])[] = [
  ['a daemon', [orphan(30)], [30]],
  ['one whose session was made by a process that is gone', [orphan(30, { session: 29, group: 29 })], [30]],
  ['an older one', [orphan(30, { startTicks: 999 })], []],
  ['one with a mark: that tells', [orphan(30, { mark: '1/db' })], []],
  ['a service itself', [orphan(20)], []],
  ['one in the session of a service that runs', [orphan(20), orphan(30, { session: 20, group: 20 })], []],
  ['one in a group that somebody leads', [orphan(31, { parent: 1 }), orphan(30, { group: 31 })], []],
  ['a child of somebody else', [orphan(30, { parent: 29 })], []],
  ['one that has ended', [orphan(30, { dead: true })], []],
  ['several', [orphan(30), orphan(31), orphan(32, { startTicks: 5 })], [30, 31]],
];

for (const [name, processes, found] of table) {
  test(`strays: ${name}`, () => {
    assert.deepEqual(
      findStrays(createSnapshot(processes), facts).map(({ pid }) => pid),
      found,
    );
  });
}

test('strays: where nobody of ours adopts, none are ours', () => {
  assert.deepEqual(findStrays(createSnapshot([orphan(30)]), { ...facts, adopter: 'nobody' }), []);
});
