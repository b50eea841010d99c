/**
 * What the guardian does when its pipe ends, in every shell that this machine has, and in the helper: whom it kills, and
 * whom it spares.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { missingForGuardian } from '../../../src/process/guard/guardian.ts';
import { GUARDIAN_SCRIPT } from '../../../src/process/guard/guardian-script.ts';
import { guardFrame, helloFrame, quitFrame } from '../../../src/process/helper/wire.ts';
import { readProcessStat } from '../../../src/process/tree/proc/process-stat.ts';
import { hasHelper, helperFile } from '../../support/has-helper.ts';
import { findMarked, killMarked } from '../../support/marked-processes.ts';
import { isAlive } from '../../support/process-lab.ts';
import { until } from '../../support/until.ts';

const shells = [['sh'], ['bash'], ['busybox']].filter(
  ([program = '']) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
);

const HELPER = 'the helper';
const forms = hasHelper ? [[HELPER], ...shells] : shells;

interface Guardian {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  tell(...lines: readonly string[]): void;
  /** The end of its pipe, and then its own. */
  end(): Promise<void>;
}

function startGuardian(t: TestContext, [shell = '', ...args]: readonly string[], run: string): Guardian {
  if (shell === HELPER) return startHelperAsGuardian(t);
  const child = spawn(shell, [...args, '-c', 'eval "$GUARDIAN"', 'guardian', run], {
    env: { PATH: shell === 'busybox' ? onlyBusybox(t) : process.env.PATH, GUARDIAN: GUARDIAN_SCRIPT },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    // As `sh` every shell behaves like one.
    argv0: 'sh',
  });
  t.after(() => child.kill('SIGKILL'));
  child.stdin.on('error', () => {});
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    child,
    ended,
    tell: (...lines) => void child.stdin.write(lines.map((line) => `${line}\n`).join('')),
    end() {
      child.stdin.end();
      return ended;
    },
  };
}

function startHelperAsGuardian(t: TestContext): Guardian {
  const child = spawn(helperFile, { env: {}, stdio: ['pipe', 'ignore', 'inherit'], detached: true });
  t.after(() => child.kill('SIGKILL'));
  child.stdin.on('error', () => {});
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdin.write(helloFrame(false));
  return {
    child,
    ended,
    tell(...lines) {
      for (const line of lines) child.stdin.write(line === 'q' ? quitFrame() : guardFrame(`${line}\n`));
    },
    end() {
      child.stdin.end();
      return ended;
    },
  };
}

/** A PATH on which everything is busybox. */
function onlyBusybox(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-busybox-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const busybox = spawnSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).stdout.trim();
  for (const name of ['busybox', 'grep', 'rmdir']) symlinkSync(busybox, join(folder, name));
  return folder;
}

/** A group with this script in it; its first line of output has been read. */
async function startGroup(t: TestContext, script: string, env: NodeJS.ProcessEnv = {}) {
  const child = spawn('sh', ['-c', script], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const pid = child.pid!;
  t.after(() => spawnSync('kill', ['-KILL', '--', `-${pid}`]));
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('exit', (_code, signal) => resolve(signal));
  });
  const line = await new Promise<Buffer>((resolve) => child.stdout.once('data', resolve));
  return { pid, line: String(line).trim(), ticks: readProcessStat(pid)?.startTicks ?? 0, ended };
}

const live = 'echo here; exec sleep 1000';

for (const shell of forms) {
  suite(`the guardian in ${shell.join(' ')}`, { concurrency: 4, timeout: 20_000 }, () => {
    test('G6: kills the groups it knows of, and no other', async (t) => {
      const [known, gone, reused, unknown] = await Promise.all([1, 2, 3, 4].map(() => startGroup(t, live)));
      const guardian = startGuardian(t, shell, 'none');
      guardian.tell(`+${known!.pid}:${known!.ticks}`, `+${gone!.pid}:${gone!.ticks}`, `-${gone!.pid}`);
      guardian.tell(`+${reused!.pid}:${reused!.ticks + 1}`, 'a later word', `+${unknown!.pid}`);
      await guardian.end();
      await until(() => !isAlive(known!.pid));
      assert.deepEqual(
        [gone, reused, unknown].map((each) => isAlive(each!.pid)),
        [true, true, true],
      );
    });

    test('G6: kills a group whose leader is gone, and one whose name is odd', async (t) => {
      const orphaned = await startGroup(t, '(exec env -i sleep 1000 >/dev/null) & echo $!');
      await until(() => !isAlive(orphaned.pid));
      const odd = await startGroup(
        t,
        'printf "a) S 1\\n1 (b" >/proc/self/comm; echo here; while :; do sleep 1; done',
      );
      const guardian = startGuardian(t, shell, 'none');
      guardian.tell(`+${orphaned.pid}:${orphaned.ticks}`, `+${odd.pid}:${odd.ticks}`);
      await guardian.end();
      await until(() => !isAlive(Number(orphaned.line)) && !isAlive(odd.pid));
    });

    test('G6: kills a process that leads no group alone', async (t) => {
      const group = await startGroup(t, 'sleep 1000 & echo $!; wait');
      const pid = Number(group.line);
      const guardian = startGuardian(t, shell, 'none');
      guardian.tell(`=${pid}:${readProcessStat(pid)?.startTicks}`);
      await guardian.end();
      await until(() => !isAlive(pid));
      // Not killed: it saw the end of what it waited for, and ended by itself.
      assert.equal(await group.ended, null);
    });

    test('G6: kills what has the mark of the run, wherever it went, also while it forks', async (t) => {
      const run = `run-${process.pid}-${shell.join('-').replace(' ', '-')}`;
      const mark = `ORDERLY_MARK=${run}`;
      t.after(() => killMarked(mark));
      const forking =
        'setsid sh -c "while :; do sleep 1000 & sleep 0.01; done" & setsid sleep 1000 & echo here; wait';
      await startGroup(t, forking, { ORDERLY_MARK: `${run}.its-own` });
      const stranger = await startGroup(t, live, { ORDERLY_MARK: `${run.slice(0, -1)}!` });
      const guardian = startGuardian(t, shell, 'none');
      guardian.tell(`m${run}`);
      await guardian.end();
      await until(() => findMarked(mark).length === 0);
      assert.ok(isAlive(stranger.pid));
    });

    test('a farewell ends it, and nobody is harmed; no signal but SIGKILL ends it before', async (t) => {
      const group = await startGroup(t, live);
      const guardian = startGuardian(t, shell, 'none');
      guardian.tell(`+${group.pid}:${group.ticks}`, '+1:1', '-1');
      // The helper hands them on to who started it.
      const signals = ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGUSR1', 'SIGTSTP'] as const;
      for (const signal of shell[0] === HELPER ? [] : signals) {
        await until(() => ignores(guardian.child.pid!, signal));
        guardian.child.kill(signal);
      }
      guardian.tell('q');
      await guardian.ended;
      assert.ok(isAlive(group.pid));
      assert.equal(guardian.child.exitCode, 0);
    });

    const mount = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup'].find((path) =>
      existsSync(`${path}/cgroup.procs`),
    );
    const folder = `${mount}/orderly-guardian-test-${process.pid}-${shell.join('-').replace(' ', '-')}`;
    const skip = mount === undefined || !canMake(folder) ? 'no cgroup v2 that can be written to' : false;
    test('G6: empties the cgroup of the run, whoever is in it, and removes it', { skip }, async (t) => {
      mkdirSync(`${folder}/a 1`, { recursive: true });
      const hidden = await startGroup(t, 'setsid env -i sh -c "echo \\$\\$; exec sleep 1000" & wait');
      writeFileSync(`${folder}/a 1/cgroup.procs`, hidden.line);
      const guardian = startGuardian(t, shell, 'none');
      guardian.tell(`c${folder}`);
      await guardian.end();
      await until(() => !isAlive(Number(hidden.line)));
      await until(() => !existsSync(folder) || canRemove(folder));
    });
  });
}

test('what it needs is told', () => {
  assert.equal(missingForGuardian(process.env.PATH), undefined);
  assert.equal(missingForGuardian('/no/such'), 'there is no "grep" on the PATH');
});

/** It has got as far as to say so to the kernel. */
function ignores(pid: number, signal: NodeJS.Signals): boolean {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const ignored = BigInt(`0x${/^SigIgn:\s*(\w+)$/m.exec(status)?.[1] ?? '0'}`);
  return ((ignored >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
}

function canMake(folder: string): boolean {
  try {
    mkdirSync(folder);
    rmdirSync(folder);
    return true;
  } catch {
    return false; // Read-only, or not ours.
  }
}

/** The kernel empties it a moment after the guardian has looked. */
function canRemove(folder: string): boolean {
  try {
    if (existsSync(`${folder}/a 1`)) rmdirSync(`${folder}/a 1`);
    rmdirSync(folder);
    return true;
  } catch {
    return false; // Not yet.
  }
}
