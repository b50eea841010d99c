/**
 * Real processes with the rights of others. Most of it takes root and the tools of util-linux, and is skipped without.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createCommands } from '../../../src/process/commands.ts';
import { createFifoPool } from '../../../src/process/pipes/fifo-pool.ts';
import type { AskedRights } from '../../../src/process/rights/asked-rights.ts';
import { ulimitScript } from '../../../src/process/rights/decide-rights.ts';
import { readOwnRights } from '../../../src/process/rights/own-rights.ts';
import { resolveRights } from '../../../src/process/rights/resolve-rights.ts';
import type { Rights } from '../../../src/process/rights-ports.ts';
import { createProcessLab } from '../../support/process-lab.ts';

const { mayChangeUser } = readOwnRights();
const hasTools = ['/usr/bin/setpriv', '/usr/bin/prlimit'].every(existsSync);
const skip = mayChangeUser && hasTools ? false : 'takes root and util-linux';

async function rightsFor(asked: AskedRights): Promise<Rights> {
  const [answer] = await resolveRights([asked], process.env.PATH);
  if (answer?.kind !== 'granted') throw new Error(JSON.stringify(answer));
  return answer.rights;
}

/** A user without an entry, with supplementary groups: the image of a test may have no such user. */
const inGroups: Rights = {
  env: {},
  before: ['/usr/bin/setpriv', '--reuid', '4242', '--regid', '4243', '--groups', '4,27'],
  script: '',
  ids: undefined,
  uid: undefined,
  who: 'user "app"',
};

/** Everybody may enter it, and what is in it is for this test. */
function openFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-rights-'));
  chmodSync(folder, 0o755);
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** What a script says, with these rights. */
async function tell(t: TestContext, rights: Rights, script: string, cwd = '/'): Promise<readonly string[]> {
  const lab = await createProcessLab(t);
  const { instance, output } = await lab.launch({ kind: 'shell', script }, { rights, cwd });
  await instance.outputEnded;
  assert.equal(output.stderr, '');
  return output.stdout.trimEnd().split('\n');
}

async function failure(t: TestContext, argv: readonly string[], rights: Rights, cwd = '/') {
  const lab = await createProcessLab(t);
  const result = await lab.tryLaunch(argv, { rights, cwd });
  return result.kind === 'spawn-failed' ? result.failure : assert.fail(result.kind);
}

test('a user has its own group and all its supplementary ones', { skip }, async (t) => {
  const told = await tell(t, inGroups, 'id -u; id -g; id -G');
  assert.deepEqual(told, ['4242', '4243', '4243 4 27']);
});

test('a user without setpriv is given by the spawn, and has no supplementary groups', { skip }, async (t) => {
  const rights: Rights = { ...inGroups, before: [], ids: { uid: 4242, gid: 4243 } };
  assert.deepEqual(await tell(t, rights, 'id -u; id -G'), ['4242', '4243']);
  const bare: Rights = { ...rights, script: undefined };
  assert.deepEqual(await tell(t, bare, 'id -u; id -G'), ['4242', '4243']);
});

test('umask, niceness and limits are those that were asked for', async (t) => {
  const own = readOwnRights();
  const rights = await rightsFor({
    umask: 0o27,
    nice: own.niceness + 3,
    limits: { nofile: { soft: 64, hard: 128 }, core: { soft: 0, hard: 0 } },
  });
  const told = await tell(t, rights, 'umask; nice; ulimit -S -n; ulimit -H -n; ulimit -H -c');
  assert.deepEqual(told, ['0027', String(own.niceness + 3), '64', '128', '0']);
});

test('the pid is that of the program, it leads its group, and no descriptor is left over', {
  skip,
}, async (t) => {
  const lab = await createProcessLab(t);
  const look = async (rights: Rights | undefined) => {
    const script = 'echo $$; cut -d" " -f5,6 /proc/$$/stat; echo /proc/$$/fd/*; exit 7';
    const { instance, output } = await lab.launch({ kind: 'shell', script }, { rights });
    assert.deepEqual(await instance.exited, { kind: 'code', code: 7 });
    await instance.outputEnded;
    return output.stdout.replaceAll(String(instance.pid), 'pid');
  };
  const told = await look(inGroups);
  assert.match(told, /^pid\npid pid\n/);
  // This process may have inherited some itself.
  assert.equal(told, await look(undefined));
});

test('the environment is what was given, whatever the shells before it set', async (t) => {
  const rights = await rightsFor({ umask: 0o22 });
  const lab = await createProcessLab(t);
  const { instance, output } = await lab.launch(['/usr/bin/env'], { rights, env: { A: '1' } });
  await instance.outputEnded;
  const names = output.stdout.match(/^[A-Z]\w*(?==)/gm)?.filter((name) => !name.startsWith('ORDERLY_'));
  assert.deepEqual(
    names?.filter((name) => name !== 'SHLVL'),
    ['A'],
  );
});

test('another user can reopen its streams, notify, and is ended by us', { skip }, async (t) => {
  const lab = await createProcessLab(t);
  const script = 'echo out > /dev/stdout; echo err > /dev/stderr; echo up >&3; echo there; exec sleep 1000';
  const running = await lab.launch({ kind: 'shell', script }, { rights: inGroups, channel: 'fd' });
  await running.notified('ready');
  await running.line(/there/);
  assert.deepEqual(running.output, { stdout: 'out\nthere\n', stderr: 'err\n' });
  running.instance.ask('SIGTERM', 'main');
  assert.deepEqual(await running.instance.exited, { kind: 'signal', signal: 'SIGTERM' });
});

test('G5: what another user leaves behind is found and killed', { skip }, async (t) => {
  const lab = await createProcessLab(t);
  // It says so itself: before that it may be about to be executed, and nothing of itself tells whose it is.
  const script = `setsid sh -c 'echo left; sleep 1000; :' &`;
  const { instance, line } = await lab.launch({ kind: 'shell', script }, { rights: inGroups });
  await line(/left/);
  await instance.exited;
  assert.ok((await instance.survivors()).length > 0);
  instance.kill();
  await instance.treeGone();
});

test('a missing program has the ordinary sentence, and nothing in its output', { skip }, async (t) => {
  assert.deepEqual(await failure(t, ['no-such-program'], inGroups), {
    reason: 'command-not-found',
    message: 'Cannot start "db": "no-such-program" is not on the PATH; install it, or give its whole path',
  });
});

test('a program that its user may not execute is a failed start that says so', { skip }, async (t) => {
  const folder = openFolder(t);
  copyFileSync('/bin/true', join(folder, 'closed'));
  chmodSync(join(folder, 'closed'), 0o700);
  assert.deepEqual(await failure(t, ['./closed'], inGroups, folder), {
    reason: 'not-executable',
    message:
      'Cannot start "db": "./closed" may not be executed by user "app"; look at its permissions and those of its folders',
  });
});

test('a folder that its user may not enter is a failed start that says so', { skip }, async (t) => {
  const folder = openFolder(t);
  mkdirSync(join(folder, 'closed'), { mode: 0o700 });
  mkdirSync(join(folder, 'closed/open'), { mode: 0o755 });
  const cwd = join(folder, 'closed/open');
  assert.deepEqual(await failure(t, ['true'], inGroups, cwd), {
    reason: 'folder-not-found',
    message: `Cannot start "db": its folder "${cwd}" may not be entered by user "app"; change its permissions, or "cwd"`,
  });
});

test('when a tool fails, that is a failed start too', { skip }, async (t) => {
  const rights: Rights = { ...inGroups, before: ['/usr/bin/prlimit', '--nofile=9999999999'] };
  const { reason, message } = await failure(t, ['true'], rights);
  assert.equal(reason, 'other');
  assert.match(
    message,
    /^Cannot start "db": what gives it its user, limits or terminal exited with code 1 before it was executed/,
  );
});

test('commands that end have the same rights, and the same sentences', { skip }, async (t) => {
  const folder = openFolder(t);
  chmodSync(folder, 0o777);
  const fifos = createFifoPool();
  t.after(() => fifos.dispose());
  const commands = createCommands(fifos);
  const never = new AbortController().signal;
  const rights = await rightsFor({ user: '4242', umask: 0o77 });
  const run = (argv: readonly string[]) =>
    commands.run(
      { command: { kind: 'exec', argv }, cwd: folder, env: { PATH: '/usr/bin:/bin' }, rights },
      never,
    );
  assert.deepEqual(await run(['touch', 'made']), { kind: 'code', code: 0 });
  const { uid, gid, mode } = statSync(join(folder, 'made'));
  assert.deepEqual([uid, gid, mode & 0o777], [4242, 4242, 0o600]);
  assert.deepEqual(await run(['no-such-program']), {
    kind: 'failed',
    message: '"no-such-program" is not on the PATH; install it, or give its whole path',
  });
});

for (const shell of ['/bin/dash', '/bin/bash', '/bin/busybox']) {
  const isThere = existsSync(shell) ? false : `there is no ${shell}`;
  test(`the limits of ulimit are understood by ${shell}`, { skip: isThere }, () => {
    const of = (name: string, soft: number, hard: number) => ({
      name,
      soft,
      hard,
      raises: false,
      hardFirst: false,
    });
    const script = ulimitScript([
      of('nofile', 64, 128),
      of('core', 0, 0),
      of('nproc', 5000, 5000),
      of('cpu', 90, 90),
    ]);
    const told =
      '{ ulimit -S -n; ulimit -H -n; ulimit -c; ulimit -t; grep "Max processes" /proc/self/limits; }';
    const argv = shell.endsWith('busybox') ? ['sh'] : [];
    const { stdout, stderr } = spawnSync(shell, [...argv, '-c', `${script} && ${told}`], {
      encoding: 'utf8',
      argv0: argv.length > 0 ? 'busybox' : 'sh',
    });
    assert.equal(stderr, '');
    assert.match(stdout, /^64\n128\n0\n90\nMax processes +5000 +5000 /);
  });
}
