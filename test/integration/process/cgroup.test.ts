import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { removeCgroup } from '../../../src/process/cgroup/remove-cgroup.ts';
import { createRunCgroup, type RunCgroup } from '../../../src/process/cgroup/run-cgroup.ts';
import { noCgroup } from '../../support/privileges.ts';

const skip = noCgroup;

async function runCgroup(name: string): Promise<RunCgroup> {
  const made = await createRunCgroup(`${name}-${process.pid}`);
  return made.kind === 'made' ? made.cgroup : assert.fail(made.why);
}

const cgroupOf = (pid: number | 'self') => readFileSync(`/proc/${pid}/cgroup`, 'utf8');
const sleeper = () => spawn('sleep', ['1000'], { stdio: 'ignore', detached: true });

test('what is spawned inside a cell is in it, known by it, and we are where we were', { skip }, async () => {
  const cgroup = await runCgroup('inside');
  const before = cgroupOf('self');
  const cell = cgroup.cell('my db', 3) ?? assert.fail();
  const child = cell.inside.step(sleeper);
  assert.equal(cgroupOf('self'), before);
  assert.equal(cgroup.markerOf(cgroupOf(child.pid ?? 0)), '3/my db');
  assert.equal(cgroup.markerOf(before), undefined);
  const exited = once(child, 'exit');
  cell.kill();
  assert.deepEqual(await exited, [null, 'SIGKILL']);
  cell.remove();
  await cgroup.dispose();
  assert.equal(existsSync(cgroup.folder), false);
});

test('a spawn that throws leaves us where we were', { skip }, async () => {
  const cgroup = await runCgroup('throws');
  const before = cgroupOf('self');
  const cell = cgroup.cell('db', 1) ?? assert.fail();
  assert.throws(() => cell.inside.step(() => spawn('a\0b')), /null bytes/);
  assert.equal(cgroupOf('self'), before);
  cell.remove();
  await cgroup.dispose();
});

test('commands share a cell that is of no service, and hooks another one', { skip }, async () => {
  const cgroup = await runCgroup('commands');
  const { commandInside, hookInside } = cgroup;
  const children = [commandInside, commandInside, hookInside, hookInside].map((inside) =>
    inside.step(sleeper),
  );
  const exits = children.map((child) => once(child, 'exit'));
  assert.deepEqual(
    children.map(({ pid }) => cgroup.markerOf(cgroupOf(pid ?? 0))),
    ['command', 'command', 'hook', 'hook'],
  );
  cgroup.kill();
  await Promise.all(exits);
  await cgroup.dispose();
  assert.equal(existsSync(cgroup.folder), false);
});

test('the cgroup of a run that is over goes with all that is in it, however deep', { skip }, async () => {
  const cgroup = await runCgroup('over');
  const cell = cgroup.cell('db', 1) ?? assert.fail();
  const deep = `${cgroup.folder}/db.1/its/own`;
  mkdirSync(deep, { recursive: true });
  const child = cell.inside.step(sleeper);
  const exited = once(child, 'exit');
  assert.equal(await removeCgroup(cgroup.folder), true);
  assert.deepEqual(await exited, [null, 'SIGKILL']);
  assert.equal(existsSync(cgroup.folder), false);
  assert.equal(await removeCgroup(cgroup.folder), true, 'it may be gone already');
  await cgroup.dispose();
});
