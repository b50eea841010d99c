/**
 * Whose end is ours: pure rules.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Relative, scriptAncestors } from '../../../../src/process/surroundings/parent-watch.ts';
import { isNohup } from '../../../../src/process/surroundings/under-nohup.ts';

const relative = (pid: number, parent: number, rest: Partial<Relative> = {}): Relative => ({
  ...{ pid, parent, session: 10, startTicks: pid, inScript: true },
  ...rest,
});
const ancestors = (...family: readonly Relative[]) =>
  scriptAncestors(family[0]!.pid, (pid) => family.find((each) => each.pid === pid)).map(({ pid }) => pid);

const npm = relative(20, 10, { inScript: false });
const terminal = relative(10, 1, { inScript: false });

test('under a script runner all up to the runner count, and nobody above it', () => {
  assert.deepEqual(ancestors(relative(22, 21), relative(21, 20), npm, terminal), [21, 20]);
});

test('a script that calls a script has two runners', () => {
  const outer = relative(18, 10, { inScript: false });
  assert.deepEqual(
    ancestors(relative(22, 21), relative(21, 20), relative(20, 19), relative(19, 18), outer, terminal),
    [21, 20, 19, 18],
  );
});

test('without a script runner no parent counts', () => {
  assert.deepEqual(ancestors(relative(22, 10, { inScript: false }), terminal), []);
});

test('who made a session of its own has left its parents on purpose; nobody waits for PID 1', () => {
  assert.deepEqual(ancestors(relative(22, 20, { session: 22 }), npm), []);
  assert.deepEqual(ancestors(relative(22, 1), relative(1, 0)), []);
});

test('nohup is known by what executed us, by its stdin, or by its file', () => {
  const plain = {
    executed: undefined,
    streams: ['/dev/pts/1', '/tmp/log', '/tmp/log'],
    stdinIsWriteOnly: false,
  };
  assert.equal(isNohup(plain), false);
  assert.equal(isNohup({ ...plain, executed: '/usr/bin/nohup' }), true);
  assert.equal(
    isNohup({ ...plain, streams: ['/dev/null', '/tmp/log', undefined], stdinIsWriteOnly: true }),
    true,
  );
  assert.equal(isNohup({ ...plain, streams: ['/dev/null', '/tmp/log', undefined] }), false);
  assert.equal(isNohup({ ...plain, streams: ['pipe:[1]', '/home/a/nohup.out', '/dev/pts/1'] }), true);
});
