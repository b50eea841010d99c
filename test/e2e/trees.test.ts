/**
 * Daemons that left everything by which a process is usually known: session, parents and environment.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { suite, type TestContext, test } from 'node:test';
import { noCgroup, ownCgroup } from '../support/privileges.ts';
import { isAlive } from '../support/process-lab.ts';
import { programPath } from '../support/programs.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';

const skip = noCgroup;
const lose = programPath('lose-daemon.sh');

/** The pid of the daemon that the instance says it has lost. It doesn't outlive the test, whatever happens. */
async function daemonOf(t: TestContext, run: OrderlyRun, attempt: number): Promise<number> {
  const line = await run.event((event) => event.type === 'log' && event.attempt === attempt);
  const pid = Number(/^daemon (\d+)$/.exec(line.type === 'log' ? line.text : '')?.[1]);
  assert.ok(pid > 0);
  t.after(() => {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  return pid;
}

suite('trees that leave nothing', { concurrency: 4, timeout: 30_000 }, () => {
  test('G5: in a cgroup a lost daemon is gone before the next instance starts, and at the end', {
    skip,
  }, async (t) => {
    const run = runOrderly(t, {
      config: `services: { db: { command: [${lose}, sh, -c, 'read line <go; exit 3'] } }`,
      inside: ['sh', '-c', 'mkfifo go; exec "$@"', 'sh'],
    });
    const first = await daemonOf(t, run, 1);
    // Opens when the service reads, and makes it exit.
    await writeFile(`${run.folder}/go`, '\n');
    await run.event('service.starting', { attempt: 2 });
    assert.equal(isAlive(first), false);
    const second = await daemonOf(t, run, 2);
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assert.equal(isAlive(second), false);
  });

  for (const [name, daemon] of [
    ['with its environment', 'setsid sh'],
    ['without environment, which we have adopted', 'setsid env -i PATH="$PATH" sh'],
  ] as const) {
    test(`G5: a daemon that moved itself to another cgroup is gone at the end: ${name}`, {
      skip,
    }, async (t) => {
      const move = `echo 0 >${ownCgroup()}/cgroup.procs; echo daemon $$; exec sleep 1000`;
      const files = {
        // Orphans of the supervisor's services come to it from some time after its start on.
        'run.sh': `parent() { set -- $(cat /proc/$1/stat); echo $4; }
above=$(parent $$); orphan=; left=0
until [ "$left" = "$above" ]; do
  orphan=$(sleep 1000 >/dev/null & echo $!); left=$(parent $orphan); kill $orphan; sleep 0.05
done
(${daemon} -c '${move}' &)
exec sleep 1000`,
      };
      const run = runOrderly(t, { config: 'services: { db: { command: [sh, ./run.sh] } }', files });
      const pid = await daemonOf(t, run, 1);
      run.signal('SIGTERM');
      assert.equal((await run.ended).status, 143);
      assert.equal(isAlive(pid), false);
    });
  }

  test('G5: nothing is left of the cgroups either', { skip }, async (t) => {
    const run = runOrderly(t, {
      config: `services: { db: { command: [${lose}, sleep, '1000'], cleanup: ['true'] } }`,
    });
    await daemonOf(t, run, 1);
    run.signal('SIGTERM');
    await run.ended;
    const folders = readdirSync(ownCgroup() ?? '');
    assert.deepEqual(
      folders.filter((name) => name.startsWith(`orderly-${run.pid}-`)),
      [],
    );
  });

  test('G5: without cgroups a lost daemon is adopted, and gone at the end', async (t) => {
    const run = runOrderly(t, {
      config: `{ process: { cgroup: 'off' }, services: { db: { command: [${lose}, sleep, '1000'] } } }`,
    });
    const daemon = await daemonOf(t, run, 1);
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
    assert.equal(isAlive(daemon), false);
  });

  for (const cgroup of ['off', 'auto'] as const) {
    test(`G5: its second of clean-up is waited for (process.cgroup: ${cgroup})`, async (t) => {
      const run = runOrderly(t, {
        config: `{ process: { cgroup: '${cgroup}' }, services: { db: { command: [${programPath('lose-slow-daemon.sh')}, told] } } }`,
      });
      await run.event('log', { text: 'up' });
      run.signal('SIGTERM');
      assert.equal((await run.ended).status, 143);
      assert.ok(existsSync(`${run.folder}/told`));
    });
  }

  test('G5: a daemon of a clean-up is left of the run, and stopped with it', { skip }, async (t) => {
    const run = runOrderly(t, {
      config: `services: { db: { type: task, command: 'true', cleanup: [{ run: [${lose}, 'true'] }] } }`,
    });
    const daemon = await daemonOf(t, run, 1);
    const end = await run.ended;
    assert.equal(end.status, 0);
    assert.equal(isAlive(daemon), false);
  });

  test('G10: process.cgroup: require starts nothing where none can be made, and says why', {
    skip,
  }, async (t) => {
    const run = runOrderly(t, {
      config: `{ process: { cgroup: require }, services: { db: { command: 'echo ran' } } }`,
      args: ['up'],
      inside: [
        'unshare',
        '--mount',
        'sh',
        '-c',
        `m=$(awk '/ - cgroup2 /{print $5}' /proc/self/mountinfo) && mount -o remount,bind,ro "$m" && exec "$@"`,
        'sh',
      ],
    });
    const end = await run.ended;
    assert.deepEqual([end.status, end.stdout], [2, []]);
    assert.match(end.stderr.join('\n'), /^orderly: Cannot keep the services in cgroups, .*: .*read-only; /);
  });
});
