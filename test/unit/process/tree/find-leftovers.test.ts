import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ofHooks } from '../../../../src/process/tree/end-hooks.ts';
import { findLeftovers } from '../../../../src/process/tree/members/find-leftovers.ts';
import { createSnapshot, type Process } from '../../../../src/process/tree/members/snapshot.ts';

const WE = 10;

function processes(...rows: readonly (readonly [pid: number, parent: number, mark?: string])[]) {
  return createSnapshot(
    rows.map(
      ([pid, parent, mark]): Process => ({
        pid,
        parent,
        group: pid,
        session: pid,
        startTicks: pid,
        dead: false,
        ...{ cell: undefined, mark, uid: undefined, isBelow: false },
      }),
    ),
  );
}

function found(snapshot: ReturnType<typeof processes>, own: readonly number[] = [], known = new Map()) {
  const left = findLeftovers(snapshot, {
    adopter: WE,
    hasCells: false,
    adoptsAll: false,
    isOwnChild: (pid) => own.includes(pid),
    known,
  });
  return left.map(({ process, service }) => `${process.pid} ${service}`);
}

test('what has the marker of the run is left, and says of which service; a command is of none', () => {
  assert.deepEqual(found(processes([20, 1, '2/db'], [21, 1, 'command'], [22, 1])), ['20 db', '21 ']);
});

test('an orphan that we adopted is left, with its children', () => {
  assert.deepEqual(found(processes([20, WE], [21, 20], [22, 21])), ['20 ', '21 ', '22 ']);
});

test('a child that we started is not, nor what descends from it', () => {
  assert.deepEqual(found(processes([20, WE], [21, 20]), [20]), []);
});

test('what descends from a marked process is of its service', () => {
  assert.deepEqual(found(processes([20, 1, '1/db'], [21, 20])), ['20 db', '21 db']);
});

test('what was known stays so when its parent is gone, unless the number is another one now', () => {
  assert.deepEqual(
    found(
      processes([20, 1], [21, 1]),
      [],
      new Map([
        [20, 20],
        [21, 3],
      ]),
    ),
    ['20 '],
  );
});

test('what a hook left is none of it, nor what it is known to have left before', () => {
  const snapshot = processes([20, 1, 'hook'], [21, WE, 'hook'], [22, 1, '1/db']);
  assert.deepEqual(found(snapshot, [], new Map([[20, 20]])), ['22 db']);
});

test('of hooks are those with their mark, and all that descends from these, ours too; a number given out again is not', () => {
  const snapshot = processes(
    [20, WE, 'hook'],
    [21, 20],
    [22, 21],
    [23, 1, 'hook'],
    [30, 1, 'command'],
    [5, 23],
  );
  const reach = { adopter: WE, hasCells: false, adoptsAll: false };
  assert.deepEqual(
    ofHooks(snapshot, reach).map(({ pid }) => pid),
    [20, 23, 21, 22],
  );
});

test('a mark of a hook that is no more than a copy has no meaning', () => {
  const snapshot = processes([23, 1, 'hook']);
  assert.deepEqual(ofHooks(snapshot, { adopter: WE, hasCells: false, adoptsAll: true }), []);
});
