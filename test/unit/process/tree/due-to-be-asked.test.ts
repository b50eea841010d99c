import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dueToBeAsked, type Process } from '../../../../src/process/tree/members/snapshot.ts';

const at = (pid: number, parent: number): Process => ({
  pid,
  parent,
  group: pid,
  session: pid,
  startTicks: pid,
  dead: false,
  cell: undefined,
  mark: undefined,
  uid: undefined,
  isBelow: false,
});

function due(processes: readonly Process[], asked: readonly number[], there: readonly number[] = []) {
  const wasAsked = ({ pid }: Process) => asked.includes(pid);
  const wasThere = ({ pid }: Process) => there.includes(pid);
  return dueToBeAsked(processes, wasAsked, wasThere).map(({ pid }) => pid);
}

test('before anybody was asked, all are due', () => {
  assert.deepEqual(due([at(20, 1), at(21, 20)], []), [20, 21]);
});

test('what one that was asked has started since then is let alone, however deep', () => {
  assert.deepEqual(due([at(20, 1), at(21, 20), at(22, 21)], [20]), []);
});

test('what was there before it was asked is due, though its parent was asked', () => {
  assert.deepEqual(due([at(20, 1), at(21, 20)], [20], [21]), [21]);
});

test('what is left of one that was asked and has ended is due', () => {
  assert.deepEqual(due([at(21, 1), at(22, 21)], [20]), [21, 22]);
});

test('numbers in a circle end the question', () => {
  assert.deepEqual(due([at(20, 21), at(21, 20)], []), [20, 21]);
});
