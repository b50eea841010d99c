/**
 * What is read of `/proc` before the first signal goes out: nothing of any process that isn't the instance's own. Counted,
 * not timed, by what stands between us and the system.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { type TestContext, test } from 'node:test';
import { createRunCgroup, type RunCgroup } from '../../../src/process/cgroup/run-cgroup.ts';
import { noCgroup } from '../../support/privileges.ts';
import { createProcessLab, isAlive, type Observed } from '../../support/process-lab.ts';

interface Doings {
  /** The pids that were looked at, and `signal` for each signal that was sent. */
  readonly log: (number | 'signal')[];
  /** Of these, what came before the first signal. */
  beforeFirstSignal(): readonly number[];
}

/** Notes every look at a process of another number than ours, and every signal but 0. */
function watchDoings(t: TestContext): Doings {
  const log: (number | 'signal')[] = [];
  const note = (path: unknown): void => {
    const pid = Number(/^\/proc\/(\d+)\//.exec(String(path))?.[1]);
    if (pid > 0 && pid !== process.pid) log.push(pid);
  };
  const { readFileSync, readdirSync } = fs;
  const { kill } = process;
  t.mock.method(fs, 'readFileSync', (...args: Parameters<typeof readFileSync>) => {
    note(args[0]);
    return readFileSync(...args);
  });
  t.mock.method(fs, 'readdirSync', (...args: Parameters<typeof readdirSync>) => {
    note(args[0]);
    return readdirSync(...args);
  });
  t.mock.method(process, 'kill', (pid: number, signal: NodeJS.Signals) => {
    if (Number(signal) !== 0) log.push('signal');
    return kill.call(process, pid, signal);
  });
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  return {
    log,
    beforeFirstSignal() {
      const at = log.indexOf('signal');
      assert.notEqual(at, -1, 'no signal was sent');
      return log.slice(0, at) as number[];
    },
  };
}

/** Younger than we, and of nobody here. */
function strangers(t: TestContext): readonly number[] {
  const children = Array.from({ length: 20 }, () =>
    spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }),
  );
  t.after(() => {
    for (const child of children) child.kill('SIGKILL');
  });
  return children.map(({ pid }) => pid ?? 0);
}

async function runCgroup(t: TestContext): Promise<RunCgroup> {
  const made = await createRunCgroup(`first-signal-${process.pid}`);
  if (made.kind !== 'made') return assert.fail(made.why);
  t.after(() => made.cgroup.dispose());
  return made.cgroup;
}

const ways: readonly [string, (instance: Observed['instance']) => void][] = [
  ['the stop signal', (instance) => instance.ask('SIGTERM', 'group')],
  ['the stop signal to the main process', (instance) => instance.ask('SIGTERM', 'main')],
  ['a kill', (instance) => instance.kill()],
];

for (const [what, send] of ways) {
  test(`the first signal: before ${what} no process but the instance's own is looked at`, async (t) => {
    const lab = await createProcessLab(t);
    const { instance, puppet } = await lab.puppet();
    const child = Number(await puppet.order('fork'));
    strangers(t);
    const doings = watchDoings(t);
    send(instance);
    const own = new Set([instance.pid, child]);
    assert.deepEqual(
      doings.beforeFirstSignal().filter((pid) => !own.has(pid)),
      [],
    );
    instance.kill();
    await instance.exited;
  });

  test(`the first signal: in a cgroup no process at all is looked at before ${what}`, {
    skip: noCgroup,
  }, async (t) => {
    const lab = await createProcessLab(t, { cgroup: await runCgroup(t) });
    const { instance, puppet } = await lab.puppet();
    await puppet.order('fork');
    const doings = watchDoings(t);
    send(instance);
    assert.deepEqual(doings.beforeFirstSignal(), []);
    instance.kill();
    await instance.exited;
  });
}

test('the first signal: of several in one turn none waits for a look that another needs', async (t) => {
  const lab = await createProcessLab(t);
  const instances = [
    (await lab.launch(['sleep', '1000'])).instance,
    (await lab.launch(['sleep', '1000'])).instance,
  ];
  const alien = strangers(t);
  const doings = watchDoings(t);
  for (const instance of instances) instance.ask('SIGTERM', 'group');
  await Promise.all(instances.map(({ exited }) => exited));
  const before = doings.log.slice(0, doings.log.lastIndexOf('signal'));
  assert.deepEqual(
    before.filter((pid) => alien.includes(pid as number)),
    [],
  );
});

test('a restart: the end of an instance in a cgroup is known without a look at any process', {
  skip: noCgroup,
}, async (t) => {
  const lab = await createProcessLab(t, { cgroup: await runCgroup(t) });
  const { instance, puppet } = await lab.puppet();
  strangers(t);
  const doings = watchDoings(t);
  puppet.orderLast('exit', 3);
  await instance.exited;
  await instance.treeGone();
  assert.deepEqual(doings.log, []);
});

test('a cgroup knows what left group, session and environment, asks it once, and kills it', {
  skip: noCgroup,
}, async (t) => {
  const lab = await createProcessLab(t, { cgroup: await runCgroup(t) });
  const { instance, line } = await lab.launch([
    'sh',
    '-c',
    'env -i setsid sh -c \'trap "" TERM; (sleep 1000 & echo $!); sleep 1000\' & sleep 1000',
  ]);
  const orphan = Number((await line(/^\d+$/m))[0]);
  instance.ask('SIGTERM', 'group');
  await instance.exited;
  instance.askRest('SIGTERM');
  assert.ok((await instance.survivors()).length > 0);
  instance.kill();
  await instance.treeGone();
  assert.deepEqual(await instance.survivors(), []);
  assert.equal(isAlive(orphan), false);
});
