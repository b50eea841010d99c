import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTurnGate } from '../../../src/process/spawn/turn-gate.ts';
import { findMarker, instanceMarker, markerVariables } from '../../../src/process/tree/instance-marker.ts';
import { createSnapshot, type Process } from '../../../src/process/tree/process-snapshot.ts';
import { parseProcessStat } from '../../../src/process/tree/process-stat.ts';
import { findMembers, isNumberReused, type Tree } from '../../../src/process/tree/tree-members.ts';

const stat = (name: string, state: string, threads = 1): string =>
  `42 (${name}) ${state} 7 40 39 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 ${threads} 0 158751 0 0 0`;

test('a stat line is read whatever the name of the process is', () => {
  for (const name of ['sleep', 'a b', ') Z 1 1 1', '((']) {
    assert.deepEqual(parseProcessStat(42, stat(name, 'S')), {
      pid: 42,
      parent: 7,
      group: 40,
      session: 39,
      startTicks: 158751,
      dead: false,
    });
  }
  assert.equal(parseProcessStat(42, ''), undefined);
});

test('a zombie is dead, unless other threads of it live on', () => {
  assert.equal(parseProcessStat(42, stat('x', 'Z'))?.dead, true);
  assert.equal(parseProcessStat(42, stat('x', 'Z', 3))?.dead, false);
  assert.equal(parseProcessStat(42, stat('x', 'T'))?.dead, false);
});

test('a marker is found only with its run', () => {
  const environ = (variables: Record<string, string>): string =>
    Object.entries(variables)
      .map(([name, value]) => `${name}=${value}\0`)
      .join('');
  const marked = environ({ A: 'b', ...markerVariables('run', 'däb', 3), Z: '' });
  assert.equal(findMarker(marked, 'run'), instanceMarker('däb', 3));
  assert.equal(findMarker(marked, 'ru'), undefined);
  assert.equal(findMarker(environ({ XORDERLY_RUN: 'run', ORDERLY_SERVICE: 'x' }), 'run'), undefined);
  assert.equal(findMarker('', 'run'), undefined);
});

const make = (
  pid: number,
  parent: number,
  group: number,
  session: number,
  more: Partial<Process> = {},
): Process => ({
  pid,
  parent,
  group,
  session,
  startTicks: pid,
  dead: false,
  marker: undefined,
  ...more,
});
const tree = (more: Partial<Tree> = {}): Tree => ({
  pid: 10,
  running: true,
  groupLost: false,
  marker: '1/db',
  known: new Map(),
  ...more,
});
const leader = make(10, 1, 10, 10, { startTicks: 0 });
const members = (processes: readonly Process[], of: Tree): readonly number[] =>
  findMembers(createSnapshot(processes), of)
    .map(({ pid }) => pid)
    .sort((a, b) => a - b);

test('group, session, marker, acquaintance and descent each make a member', () => {
  const all = [
    leader,
    make(11, 99, 10, 10),
    make(12, 99, 12, 10),
    make(13, 99, 13, 13, { marker: '1/db' }),
    make(14, 99, 14, 14),
    make(15, 13, 15, 15),
    make(16, 15, 16, 16),
    make(17, 99, 17, 17),
    make(18, 99, 18, 18, { marker: '2/db' }),
  ];
  assert.deepEqual(members(all, tree({ known: new Map([[14, 14]]) })), [10, 11, 12, 13, 14, 15, 16]);
});

test('an acquaintance whose number was given to another is a stranger', () => {
  assert.deepEqual(members([make(14, 1, 14, 14)], tree({ known: new Map([[14, 13]]) })), []);
});

test('a look from before the main process was reaped does not show it as alive', () => {
  assert.deepEqual(members([leader], tree({ running: false })), []);
  assert.equal(isNumberReused(createSnapshot([leader]), tree({ running: false })), false);
});

test('a new process with the number of the main process does not make its group ours', () => {
  const other = make(10, 1, 10, 10, { startTicks: 500 });
  assert.equal(isNumberReused(createSnapshot([other]), tree({ running: false })), true);
  assert.deepEqual(members([other, make(11, 10, 10, 10)], tree({ running: false, groupLost: true })), []);
});

test('work that fills its slice lets the loop turn before the next, in order, and fails alone', async () => {
  const gate = createTurnGate(0, 0);
  const log: string[] = [];
  setImmediate(() => log.push('turn'));
  const first = gate.run(() => log.push('first'));
  const second = gate.run(() => {
    log.push('second');
    throw new Error('second failed');
  });
  const third = gate.run(() => log.push('third'));
  await assert.rejects(second, /second failed/);
  await Promise.all([first, third]);
  assert.equal(log.indexOf('turn') < log.indexOf('second'), true, log.join());
  assert.deepEqual(
    log.filter((each) => each !== 'turn'),
    ['first', 'second', 'third'],
  );
});
