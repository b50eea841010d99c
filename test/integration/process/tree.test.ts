import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProcessLab, isAlive } from '../../support/process-lab.ts';
import { programPath } from '../../support/programs.ts';

test('asking the group reaches its children, asking the main process does not', async (t) => {
  const lab = await createProcessLab(t);
  for (const target of ['main', 'group'] as const) {
    const { instance, puppet } = await lab.puppet();
    const child = Number(await puppet.order('fork'));
    instance.ask('SIGTERM', target);
    await instance.exited;
    if (target === 'main') assert.ok(isAlive(child));
    else await instance.treeGone();
    assert.equal(isAlive(child), target === 'main');
  }
});

test('what outlives the main process is asked once it has ended', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, puppet } = await lab.puppet();
  const child = Number(await puppet.order('fork'));
  instance.ask('SIGTERM', 'main');
  await instance.exited;
  const survivors = await instance.survivors();
  assert.deepEqual(survivors, [{ service: 'db', pid: child, command: 'sleep 1000' }]);
  instance.askRest('SIGTERM');
  await instance.treeGone();
  assert.equal(isAlive(child), false);
  assert.deepEqual(await instance.survivors(), []);
});

test('who was asked with the group is not asked again when the main process has ended', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, output, line } = await lab.launch([programPath('count-requests.js')]);
  await line(/^up$/m);
  instance.ask('SIGTERM', 'group');
  await instance.exited;
  await line(/^asked 1$/m);
  instance.askRest('SIGTERM');
  const [child] = await instance.survivors();
  assert.ok(child !== undefined);
  // A later signal with a higher number is delivered last.
  process.kill(child.pid, 'SIGWINCH');
  await line(/^end$/m);
  assert.equal(output.stdout, 'up\nasked 1\nend\n');
});

test('a daemon with its own session and no parent is found, asked, and gone', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, line } = await lab.launch([programPath('leave-daemon.sh')]);
  const daemon = Number((await line(/^\d+$/m))[0]);
  instance.ask('SIGTERM', 'group');
  await instance.exited;
  assert.ok(isAlive(daemon), 'the signal to the group does not reach it');
  assert.deepEqual(
    (await instance.survivors()).map(({ pid }) => pid),
    [daemon],
  );
  instance.askRest('SIGTERM');
  await instance.treeGone();
  assert.equal(isAlive(daemon), false);
});

test('a daemon that does not listen is killed', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, line } = await lab.launch([programPath('leave-stubborn-daemon.sh')]);
  const daemon = Number((await line(/^\d+$/m))[0]);
  assert.deepEqual(await instance.exited, { kind: 'code', code: 0 });
  instance.askRest('SIGTERM');
  const gone = instance.treeGone();
  assert.deepEqual(
    (await instance.survivors()).map(({ pid }) => pid),
    [daemon],
  );
  instance.kill();
  await gone;
  assert.equal(isAlive(daemon), false);
});

test('a kill takes the group and what has left it at once', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, line } = await lab.launch([programPath('leave-daemon.sh')]);
  const daemon = Number((await line(/^\d+$/m))[0]);
  instance.kill();
  assert.deepEqual(await instance.exited, { kind: 'signal', signal: 'SIGKILL' });
  await instance.treeGone();
  assert.equal(isAlive(daemon), false);
});

for (const end of ['ask', 'kill'] as const) {
  test(`a child without environment in its own session is known by its parent: ${end}`, async (t) => {
    const lab = await createProcessLab(t);
    const { instance, line } = await lab.launch([programPath('clear-environment.sh')]);
    const child = Number((await line(/^\d+$/m))[0]);
    if (end === 'ask') instance.ask('SIGTERM', 'group');
    else instance.kill();
    await instance.exited;
    instance.askRest('SIGTERM');
    await instance.treeGone();
    assert.equal(isAlive(child), false);
  });
}

test('what it started when it was asked is killed with it', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, line } = await lab.launch([programPath('fork-when-asked.js')]);
  await line(/^up$/m);
  instance.ask('SIGTERM', 'main');
  const child = Number((await line(/^\d+$/m))[0]);
  instance.kill();
  await instance.exited;
  await instance.treeGone();
  assert.equal(isAlive(child), false);
});

test('the daemon of one instance is not the daemon of the next one of the same service', async (t) => {
  const lab = await createProcessLab(t);
  const first = await lab.launch([programPath('leave-stubborn-daemon.sh')], { attempt: 1 });
  const second = await lab.launch([programPath('leave-stubborn-daemon.sh')], { attempt: 2 });
  const daemons = [Number((await first.line(/^\d+$/m))[0]), Number((await second.line(/^\d+$/m))[0])];
  await first.instance.exited;
  await second.instance.exited;
  first.instance.kill();
  await first.instance.treeGone();
  assert.deepEqual(daemons.map(isAlive), [false, true]);
});

test('an instance without descendants is gone when its main process has ended', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, puppet } = await lab.puppet();
  puppet.orderLast('exit', 0);
  await instance.exited;
  await instance.treeGone();
  assert.deepEqual(await instance.survivors(), []);
});

test('asking and killing what has ended does nothing', async (t) => {
  const lab = await createProcessLab(t);
  const { instance } = await lab.launch(['true']);
  await instance.exited;
  await instance.treeGone();
  instance.ask('SIGTERM', 'group');
  instance.askRest('SIGTERM');
  instance.kill();
  await instance.treeGone();
});
