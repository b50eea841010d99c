import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { createProcessGroup } from '../../../src/process/tree/process-group.ts';
import { isAlive } from '../../support/process-lab.ts';
import { programPath } from '../../support/programs.ts';

/** A main process that has ended, and left a child in its group. */
async function leaveGrandchild() {
  const child = spawn(programPath('leave-grandchild.sh'), {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const pid = child.pid ?? assert.fail();
  const exited = once(child, 'exit');
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  const group = createProcessGroup(pid, true);
  await exited;
  group.leaderEnded();
  return { group, grandchild: Number(chunk.toString()) };
}

test('without /proc, what is left of a group is asked and seen to go', async () => {
  const { group, grandchild } = await leaveGrandchild();
  assert.equal((await group.alive()).length, 1);
  group.askRest('SIGTERM');
  await group.gone();
  assert.equal(isAlive(grandchild), false);
  assert.deepEqual(await group.alive(), []);
});

test('without /proc, what is left of a group is killed', async () => {
  const { group, grandchild } = await leaveGrandchild();
  const gone = group.gone();
  group.kill();
  await gone;
  assert.equal(isAlive(grandchild), false);
});

test('without /proc, who has the terminal is gone with its main process', async () => {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
  const group = createProcessGroup(child.pid ?? assert.fail(), false);
  const exited = once(child, 'exit');
  group.ask('SIGTERM', 'group');
  assert.deepEqual(await exited, [null, 'SIGTERM']);
  group.leaderEnded();
  await group.gone();
});
