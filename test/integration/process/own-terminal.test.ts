/**
 * A terminal that is a service's own: what it is for the service, and what becomes of it and of us.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createLauncher } from '../../../src/process/instance/launcher.ts';
import { createFifoPool } from '../../../src/process/pipes/fifo-pool.ts';
import type { LaunchRequest, ServiceWindow } from '../../../src/process/ports.ts';
import { createRunMarks } from '../../../src/process/tree/members/run-marks.ts';
import { createProcessLab, isAlive } from '../../support/process-lab.ts';
import { until } from '../../support/until.ts';

const ownTerminal = true;
const shell = (script: string): readonly string[] => ['sh', '-c', script];

/** What our descriptors lead to. */
function opened(): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return []; // That of the folder itself.
    }
  });
}

/** What `seq` writes. */
const numbers = (last: number): string =>
  Array.from({ length: last }, (_, index) => `${index + 1}\n`).join('');

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'orderly-terminal-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test('all three streams are one terminal, which is the one of its session, and its group is in the foreground', async (t) => {
  const lab = await createProcessLab(t);
  const script =
    'test -t 0 && test -t 1 && test -t 2 && echo all; tty; ps -o tty=,tpgid= -p $$; : >/dev/tty && echo its own';
  const { instance, output, ends } = await lab.launch(shell(script), { ownTerminal });
  assert.deepEqual(await instance.exited, { kind: 'code', code: 0 });
  const [all, tty = '', ps = '', its] = output.stdout.split('\n');
  assert.deepEqual([all, its], ['all', 'its own']);
  assert.match(tty, /^\/dev\/pts\/\d+$/);
  assert.deepEqual(ps.trim().split(/\s+/), [tty.slice('/dev/'.length), String(instance.pid)]);
  await instance.outputEnded;
  assert.deepEqual([...ends].sort(), ['stderr', 'stdout']);
});

test('both streams come in their order, bytes as they are, a line end without a carriage return', async (t) => {
  const lab = await createProcessLab(t);
  const script = "echo one; echo two >&2; printf '\\033[31mthree\\r\\n'; printf 'four\\303'";
  const { instance, output } = await lab.launch(shell(script), { ownTerminal });
  await instance.exited;
  assert.deepEqual(output, { stdout: 'one\ntwo\n\x1b[31mthree\r\nfour\xc3', stderr: '' });
});

test('it is of the usual size where nobody says another', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, output } = await lab.launch(shell('stty size'), { ownTerminal });
  await instance.exited;
  assert.equal(output.stdout, '24 80\n');
});

test('it is as large as the window, and who runs in its foreground hears of another size', async (t) => {
  let columns = 70;
  const listeners = new Set<() => void>();
  const window: ServiceWindow = {
    size: () => ({ columns, rows: 30 }),
    onResize(listen) {
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
  };
  const lab = await createProcessLab(t, { window });
  const script = 'trap "stty size; exit" WINCH; stty size; while :; do sleep 0.01; done';
  const { instance, output, line } = await lab.launch(shell(script), { ownTerminal });
  await line(/^30 70$/m);
  columns = 1;
  for (const listen of listeners) listen();
  await instance.exited;
  assert.equal(output.stdout, '30 70\n30 1\n');
  assert.equal(listeners.size, 1);
  instance.dispose();
  assert.equal(listeners.size, 0);
});

test('an interactive shell has job control, and waits for what nobody types', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, output, line } = await lab.launch(['sh', '-i'], { ownTerminal, env: { PS1: '>\n' } });
  await line(/^>$/m);
  assert.equal(output.stdout, '>\n');
  instance.ask('SIGHUP', 'group');
  await instance.exited;

  const jobs = await lab.launch(shell('set -m; sleep 1000 & ps -o pgid= -p $!; echo $!; kill %1; wait'), {
    ownTerminal,
  });
  await jobs.instance.exited;
  const [group = '', pid, ...rest] = jobs.output.stdout.split('\n');
  assert.equal(group.trim(), pid);
  assert.doesNotMatch(rest.join('\n'), /job control|tty/);
});

test('G7: what was written just before SIGKILL is passed on before the exit is', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, output, puppet } = await lab.puppet({ ownTerminal });
  const text = `${'x'.repeat(50_000)}\nlast words`;
  puppet.orderLast('print', text);
  puppet.orderLast('die', 'SIGKILL');
  assert.deepEqual(await instance.exited, { kind: 'signal', signal: 'SIGKILL' });
  assert.equal(output.stdout, text);
});

test('G7: megabytes arrive whole and in order', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, output } = await lab.launch(shell('seq 1 300000'), { ownTerminal });
  await instance.exited;
  assert.equal(output.stdout, numbers(300_000));
});

test('G7: what is held back waits, and what a service leaves at its end comes at once', async (t) => {
  const lab = await createProcessLab(t);
  lab.holdOutput(true);
  const { instance, output } = await lab.launch(shell('seq 1 500'), { ownTerminal });
  await instance.exited;
  assert.equal(output.stdout, numbers(500));
});

test('who closes it for a while is not hung up, and is read when it comes back', async (t) => {
  const place = folder(t);
  const lab = await createProcessLab(t);
  const script =
    't=$(tty); echo $t; exec <&- >&- 2>&-; while ! test -e back; do sleep 0.01; done; echo here again >$t; kill -TERM $$';
  const { instance, output, line } = await lab.launch(shell(script), { ownTerminal, cwd: place });
  const [path] = await line(/^\/dev\/pts\/\d+$/m);
  // Ours stands in for it.
  await until(() => opened().includes(path));
  writeFileSync(join(place, 'back'), '');
  assert.deepEqual(await instance.exited, { kind: 'signal', signal: 'SIGTERM' });
  assert.equal(output.stdout, `${path}\nhere again\n`);
});

test('a leftover that has it open delays its end, not the exit, and is killed as any other', async (t) => {
  const lab = await createProcessLab(t);
  const script = 'trap "" HUP; sleep 1000 & echo $!; exit 3';
  const { instance, output, ends } = await lab.launch(shell(script), { ownTerminal });
  assert.deepEqual(await instance.exited, { kind: 'code', code: 3 });
  const left = Number(output.stdout);
  assert.ok(isAlive(left));
  instance.kill();
  await instance.treeGone();
  assert.ok(!isAlive(left));
  await instance.outputEnded;
  assert.deepEqual([...ends].sort(), ['stderr', 'stdout']);
});

test('stop signals reach its group, and its notify channel is beside it', async (t) => {
  const lab = await createProcessLab(t);
  const script = 'trap "echo asked; exit 5" TERM; echo >&3; while :; do sleep 0.01; done';
  const { instance, output, notified } = await lab.launch(shell(script), { ownTerminal, channel: 'fd' });
  await notified('ready');
  instance.ask('SIGTERM', 'group');
  assert.deepEqual(await instance.exited, { kind: 'code', code: 5 });
  // A shell tells of its own children that the signal has ended.
  assert.match(output.stdout, /^(?:Terminated\n)?asked\n$/);
});

test('another user may open it anew, and nobody else is given a descriptor of it', {
  skip: process.getuid?.() !== 0 && 'needs root',
}, async (t) => {
  const lab = await createProcessLab(t);
  const rights = {
    env: {},
    before: [],
    script: '',
    ids: { uid: 4242, gid: 4242 },
    uid: 4242,
    who: 'user 4242',
  };
  const { instance, output, line } = await lab.launch(
    shell('id -u; echo again >/dev/stderr; exec sleep 1000'),
    { ownTerminal, rights },
  );
  await line(/^again$/m);
  assert.equal(output.stdout, '4242\nagain\n');
  const other = await lab.launch(shell('ls -l /proc/self/fd'));
  await other.instance.exited;
  assert.doesNotMatch(other.output.stdout, /ptmx|pts/);
  instance.ask('SIGTERM', 'group');
  await instance.exited;
});

test('G10: a program that is missing has the ordinary sentence', async (t) => {
  const lab = await createProcessLab(t);
  const result = await lab.tryLaunch(['no-such-program'], { ownTerminal });
  assert.equal(
    result.kind === 'spawn-failed' && result.failure.message,
    'Cannot start "db": "no-such-program" is not on the PATH; install it, or give its whole path',
  );
});

test('after two hundred launches, ends and failures the descriptors are as before', async () => {
  const fifos = createFifoPool();
  const launcher = createLauncher({ marks: createRunMarks(`terminals-${process.pid}`), fifos });
  const launchOne = async (attempt: number): Promise<void> => {
    const argv = attempt % 10 === 0 ? ['/no/such/program'] : ['/bin/sh', '-c', 'echo here'];
    let output = '';
    const request: LaunchRequest = {
      service: 'leak',
      attempt,
      command: { kind: 'exec', argv },
      cwd: '/',
      env: {},
      channel: attempt % 4 === 0 ? 'fd' : 'none',
      ownTerminal,
      terminal: false,
      mayStart: () => attempt % 10 !== 1,
      onOutput(stream, chunk) {
        if (stream === 'stdout' && chunk !== undefined) output += chunk;
      },
      onNotification() {},
    };
    const result = await launcher.launch(request);
    if (result.kind !== 'launched') return;
    await result.executed;
    await result.instance.exited;
    await result.instance.treeGone();
    await result.instance.outputEnded;
    assert.equal(output, 'here\n');
    result.instance.dispose();
  };
  // What the program itself opens is open then.
  await launchOne(2);
  const settled = () => opened().filter((to) => !to.startsWith('pipe:[')).length;
  await until(() => !opened().some((to) => to.includes('ptmx')));
  const before = settled();
  for (let round = 0; round < 20; round++)
    await Promise.all(Array.from({ length: 10 }, (_, index) => launchOne(10 * round + index)));
  launcher.dispose();
  fifos.dispose();
  await until(() => settled() <= before);
});
