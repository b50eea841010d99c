import assert from 'node:assert/strict';
import { readFileSync, readlinkSync } from 'node:fs';
import { test } from 'node:test';
import { readCommandLine } from '../../../src/process/tree/proc/process-file.ts';
import { parseProcessStat } from '../../../src/process/tree/proc/process-stat.ts';
import { createProcessLab, isAlive } from '../../support/process-lab.ts';
import { until } from '../../support/until.ts';

for (const code of [0, 1, 3, 255]) {
  test(`exit code ${code} is reported`, async (t) => {
    const lab = await createProcessLab(t);
    const { instance, puppet } = await lab.puppet();
    puppet.orderLast('exit', code);
    assert.deepEqual(await instance.exited, { kind: 'code', code });
  });
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGKILL', 'SIGABRT']) {
  test(`an end by ${signal} is reported as that signal`, async (t) => {
    const lab = await createProcessLab(t);
    const { instance, puppet } = await lab.puppet();
    puppet.orderLast('die', signal);
    assert.deepEqual(await instance.exited, { kind: 'signal', signal });
  });
}

test('a simple shell command is the main process itself', async (t) => {
  const lab = await createProcessLab(t);
  const { instance } = await lab.launch({ kind: 'shell', script: 'sleep 1000\n' });
  // The shell is there for a moment, until it has executed it.
  await until(() => readCommandLine(instance.pid ?? 0) === 'sleep 1000');
  const survivors = await instance.survivors();
  assert.deepEqual(
    survivors.map(({ pid, command }) => ({ pid, command })),
    [{ pid: instance.pid, command: 'sleep 1000' }],
  );
});

test('a hundred launched at once all run, and let the loop turn between them', async (t) => {
  const lab = await createProcessLab(t);
  let turns = 0;
  let counting = true;
  const count = (): void => {
    turns += 1;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  const all = await Promise.all(Array.from({ length: 100 }, () => lab.launch(['sleep', '1000'])));
  counting = false;
  assert.equal(new Set(all.map(({ instance }) => instance.pid)).size, 100);
  assert.ok(turns > 3, `${turns} turns`);
});

test('a launch is called off at the last moment, and nothing is spawned', async (t) => {
  const lab = await createProcessLab(t);
  const result = await lab.tryLaunch(['/no/such/program'], { mayStart: () => false });
  assert.deepEqual(result, { kind: 'called-off' });
});

test('who has the terminal gets our own streams and another group, and only its tree is ended with it', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, puppet, output } = await lab.puppet({ terminal: true });
  await instance.outputEnded;
  const child = Number(await puppet.order('fork'));
  const groupOf = (pid: number) => parseProcessStat(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'))?.group;
  assert.notEqual(groupOf(child), groupOf(process.pid));
  assert.equal(readlinkSync(`/proc/${instance.pid}/fd/0`), readlinkSync('/proc/self/fd/0'));
  assert.equal(readlinkSync(`/proc/${instance.pid}/fd/1`), readlinkSync('/proc/self/fd/1'));
  instance.ask('SIGTERM', 'main');
  await instance.exited;
  assert.deepEqual(
    (await instance.survivors()).map(({ pid }) => pid),
    [child],
  );
  instance.kill();
  await instance.treeGone();
  assert.equal(isAlive(child), false);
  assert.deepEqual(output, { stdout: '', stderr: '' });
});

test('the group of who has the terminal is its tree, not ours', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, puppet } = await lab.puppet({ terminal: true });
  const child = Number(await puppet.order('fork'));
  instance.ask('SIGTERM', 'group');
  assert.deepEqual(await instance.exited, { kind: 'signal', signal: 'SIGTERM' });
  await instance.treeGone();
  assert.equal(isAlive(child), false);
});
