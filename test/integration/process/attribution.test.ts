import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTurnGate } from '../../../src/process/spawn/turn-gate.ts';
import { parseProcessStat } from '../../../src/process/tree/proc/process-stat.ts';

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
