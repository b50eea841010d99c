/**
 * Whom a recovery may kill, and whom never.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lease } from '../../../../src/process/guard/claim.ts';
import { type Candidate, findDeadRunMembers } from '../../../../src/process/guard/dead-run-members.ts';

const db: Lease = { pid: 50, startTicks: 1000, leadsGroup: true, service: 'db', attempt: 1 };
const claim = { leases: [db], lastTicks: 2000 };

const process = (pid: number, rest: Partial<Candidate> = {}): Candidate => ({
  ...{ pid, parent: 1, group: pid, session: pid, startTicks: 1500, dead: false, marked: undefined },
  ...rest,
});
const leader = process(50, { startTicks: 1000 });
const inSession = (pid: number, startTicks: number) => process(pid, { group: 50, session: 50, startTicks });

const pids = (candidates: readonly Candidate[], spared: readonly number[] = []) =>
  findDeadRunMembers(candidates, claim, new Set(spared)).map(({ pid }) => pid);

test('G6: a leased process whose start fits is left over, with its session and what descends from it', () => {
  const far = process(70, { parent: 60, startTicks: 9000 });
  const found = findDeadRunMembers([leader, inSession(60, 9000), far, process(80)], claim, new Set());
  assert.deepEqual(
    found.map(({ pid, leadsGroup, service }) => [pid, leadsGroup, service]),
    [
      [50, true, 'db'],
      [60, false, 'db'],
      [70, false, 'db'],
    ],
  );
});

test('G6: a stranger that inherited the pid is spared, with its session', () => {
  assert.deepEqual(pids([process(50, { startTicks: 1001 }), inSession(60, 1500)]), []);
});

test('G6: with the leader gone its session is ours as far as it was there when the run lived', () => {
  assert.deepEqual(
    pids([inSession(60, 999), inSession(61, 1000), inSession(62, 2000), inSession(63, 2001)]),
    [61, 62],
  );
});

test('G6: what has the marker of the dead run is left over, wherever it is', () => {
  assert.deepEqual(pids([process(90, { marked: '', startTicks: 99_999 })]), [90]);
});

test('a process without a group of its own is left over alone', () => {
  const leases = [{ ...db, leadsGroup: false }];
  const found = findDeadRunMembers([leader, inSession(60, 1500)], { leases, lastTicks: 2000 }, new Set());
  assert.deepEqual(found, [{ pid: 50, leadsGroup: false, service: 'db' }]);
});

test('we and those above us are spared, and then no group is killed as one that they are in', () => {
  const found = findDeadRunMembers([leader, inSession(60, 1500), inSession(61, 1500)], claim, new Set([60]));
  assert.deepEqual(
    found.map(({ pid, leadsGroup }) => [pid, leadsGroup]),
    [
      [50, false],
      [61, false],
    ],
  );
});

test('where starts are not known a number says nothing', () => {
  const leases = [{ ...db, startTicks: 0 }];
  assert.deepEqual(
    findDeadRunMembers([process(50, { startTicks: 0 })], { leases, lastTicks: 0 }, new Set()),
    [],
  );
});
