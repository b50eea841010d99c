/**
 * The program as PID 1 of a namespace of its own: orphans, signals, exit statuses.
 */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseProcessStat } from '../../src/process/tree/proc/process-stat.ts';
import { hasHelper, helperFile } from '../support/has-helper.ts';
import { needs } from '../support/needs.ts';
import { orderlyBin, orderlyInitBin } from '../support/orderly-bin.ts';
import { asPidOne, noNamespaces, pidOneOf } from '../support/privileges.ts';
import { programPath } from '../support/programs.ts';
import { runOrderly } from '../support/run-orderly.ts';

const options = { skip: noNamespaces, timeout: 30_000 };
/** The first process is orderly itself, or the helper with orderly behind it, as `orderly-init` starts it. */
const forms: readonly (readonly [name: string, inside: readonly string[]])[] = [
  ['orderly', asPidOne],
  ...(hasHelper ? [['orderly-init', [...asPidOne, helperFile, 'init']] as const] : []),
];
const canReplaceItself = 'execve' in process;

/** Those children of a process that have ended and wait to be reaped. */
function zombiesOf(parent: number): readonly number[] {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim();
  return children
    .split(' ')
    .filter(Boolean)
    .map(Number)
    .filter((pid) => {
      try {
        return parseProcessStat(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'))?.dead;
      } catch {
        return false; // Reaped since.
      }
    });
}

/** How many are left when none is, or after a second. */
async function zombiesAfterASecond(parent: number): Promise<number> {
  const endMs = performance.now() + 1000;
  while (zombiesOf(parent).length > 0 && performance.now() < endMs) await sleep(10);
  return zombiesOf(parent).length;
}

/** The program where koffi isn't installed. */
function binWithoutKoffi(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-bare-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const home = dirname(dirname(orderlyBin));
  for (const part of ['bin', 'dist']) cpSync(join(home, part), join(folder, part), { recursive: true });
  return join(folder, 'bin/orderly.js');
}

const leaveOrphans = (count: number) => `[${programPath('leave-orphans.sh')}, '${count}']`;

for (const [form, inside] of forms) {
  suite(`${form} as PID 1`, { concurrency: 3, ...options }, () => {
    test('G12 G8: how a main process ended that was named by MAINPID is known, since it is reaped here', {
      skip: needs('systemd-notify'),
    }, async (t) => {
      const isAdopted = 'grep -q "^PPid:.1$$" /proc/$$$$/status';
      const main = `systemd-notify "MAINPID=$$$$" READY=1; while ! ${isAdopted}; do sleep 0.01; done; exit 3`;
      const script = JSON.stringify(`setsid sh -c '${main}' & while ! test -e left; do sleep 0.01; done`);
      const config = `services: { app: { command: ${script}, ready: { notify: systemd }, restart: "no" } }`;
      const run = runOrderly(t, { config, inside });
      await run.event('service.ready', { service: 'app' });
      writeFileSync(join(run.folder, 'left'), '');
      await run.event('service.exited', { service: 'app', code: 3 });
      assert.equal((await run.ended).status, 1);
    });

    test('G12: twenty orphans are reaped within a second', async (t) => {
      const run = runOrderly(t, { config: `services: { app: { command: ${leaveOrphans(20)} } }`, inside });
      await run.event('log', { text: 'all ended' });
      const pidOne = pidOneOf(run.pid);
      assert.equal(await zombiesAfterASecond(pidOne), 0);
      process.kill(pidOne, 'SIGTERM');
      assert.equal((await run.ended).status, 143);
    });

    test('G12: the exit codes of 150 own children are theirs, whatever becomes of 300 orphans', async (t) => {
      const codes = Array.from({ length: 150 }, (_, index) => index);
      const ends = codes.map(
        (code) => `  c${code}: { command: 'sleep 0.1; exit ${code}', depends_on: [app] }`,
      );
      const run = runOrderly(t, {
        config: [
          'defaults: { restart: "no", on_failure: ignore }',
          'services:',
          `  app: { command: ${leaveOrphans(300)} }`,
          ...ends,
          '',
        ].join('\n'),
        inside,
      });
      await run.event('log', { text: 'all ended' });
      for (const code of codes) {
        const exited = await run.event('service.exited', { service: `c${code}` });
        assert.equal(exited.code, code);
      }
      const pidOne = pidOneOf(run.pid);
      assert.equal(await zombiesAfterASecond(pidOne), 0);
      process.kill(pidOne, 'SIGTERM');
      await run.ended;
    });

    for (const cgroup of ['auto', 'off']) {
      test(`G5 G12: an orphan's second of clean-up is waited for (process.cgroup: ${cgroup})`, async (t) => {
        const run = runOrderly(t, {
          config: `{ process: { cgroup: '${cgroup}' }, services: { app: { command: [${programPath('lose-slow-daemon.sh')}, told] } } }`,
          inside,
        });
        await run.event('log', { text: 'up' });
        process.kill(pidOneOf(run.pid), 'SIGTERM');
        assert.equal((await run.ended).status, 143);
        assert.ok(existsSync(join(run.folder, 'told')));
      });
    }

    const ENDS = [
      ['SIGTERM', 143],
      ['SIGINT', 130],
      ['SIGHUP', 129],
      ['SIGQUIT', 143],
    ] as const;
    for (const [signal, status] of ENDS) {
      test(`G8: ${signal} stops it in order, with status ${status}`, async (t) => {
        const run = runOrderly(t, { config: 'services: { app: { command: exec sleep 1000 } }', inside });
        await run.event('service.ready');
        process.kill(pidOneOf(run.pid), signal);
        const end = await run.ended;
        assert.deepEqual([end.status, end.signal], [status, null]);
        await run.event('service.stopped');
      });
    }

    test('SIGUSR1 opens no debugger, and ends nothing', async (t) => {
      const run = runOrderly(t, { config: 'services: { app: { command: exec sleep 1000 } }', inside });
      await run.event('service.ready');
      process.kill(pidOneOf(run.pid), 'SIGUSR1');
      process.kill(pidOneOf(run.pid), 'SIGTERM');
      const end = await run.ended;
      assert.deepEqual([end.status, end.stderr], [143, []]);
    });

    const STATUSES: readonly (readonly [string, readonly string[], number])[] = [
      ...[0, 1, 2, 125, 128, 200, 255].map(
        (code) => [`code ${code}`, ['sh', '-c', `exit ${code}`], code] as const,
      ),
      ['not there', ['no-such-program'], 127],
      ['not executable', [programPath('not-executable.sh')], 126],
      ['killed by SIGKILL', ['sh', '-c', 'kill -KILL $$'], 137],
      ['killed by SIGTERM', ['sh', '-c', 'kill -TERM $$'], 143],
    ];
    for (const [name, command, status] of STATUSES) {
      test(`G8: orderly run ends with the status of its command: ${name}`, async (t) => {
        assert.equal((await runOrderly(t, { args: ['run', '--', ...command], inside }).ended).status, status);
      });
    }
  });
}

suite('orderly as PID 1, alone', options, () => {
  test('G8: orderly-init is found by a link, and is orderly itself where there is no helper', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'orderly-link-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const link = join(folder, 'orderly-init');
    symlinkSync(orderlyInitBin, link);
    const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
    for (const ORDERLY_HELPER of [undefined, 'off']) {
      const instead = [link, 'run', '--', 'sh', '-c', 'exit 7'];
      const run = runOrderly(t, { instead, env: { PATH, ORDERLY_HELPER } });
      assert.equal((await run.ended).status, 7);
    }
  });

  test('G12: without koffi it says so when the first orphan stays a zombie, or lets a shell reap', async (t) => {
    const run = runOrderly(t, {
      config: `services: { app: { command: ${leaveOrphans(20)} } }`,
      instead: [...asPidOne, process.execPath, binWithoutKoffi(t), 'up'],
    });
    await run.line(/all ended/);
    const pidOne = pidOneOf(run.pid);
    if (canReplaceItself) assert.equal(await zombiesAfterASecond(pidOne), 0);
    else await run.line(/^orderly: orphans .* zombies.*"koffi" is not installed.*docker run --init/);
    process.kill(pidOne, 'SIGTERM');
    assert.equal((await run.ended).status, 143);
  });
});
