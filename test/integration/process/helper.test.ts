/**
 * The helper as a program: what it spawns, what it says of that, and what it makes of a supervisor that says nonsense, or dies.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { suite, type TestContext, test } from 'node:test';
import type { Helper } from '../../../src/process/helper/helper.ts';
import type { HelperSpawned } from '../../../src/process/helper/helper-child.ts';
import { startHelper } from '../../../src/process/helper/start-helper.ts';
import { guardFrame, type HelperSpawn, helloFrame, spawnFrame } from '../../../src/process/helper/wire.ts';
import { readProcessStat } from '../../../src/process/tree/proc/process-stat.ts';
import { canUseCgroup } from '../../support/can-use-cgroup.ts';
import { hasHelper, helperFile } from '../../support/has-helper.ts';
import { isAlive } from '../../support/process-lab.ts';
import { until } from '../../support/until.ts';

const env = { PATH: process.env.PATH ?? '' };
const plain = { cwd: '/', env, ownSession: true, cgroup: undefined } as const;
const isRoot = process.getuid?.() === 0;

async function helperOf(t: TestContext, asSubreaper = false): Promise<Helper> {
  const helper = (await startHelper(helperFile, asSubreaper)) ?? assert.fail('it does not start');
  t.after(() => helper.farewell());
  return helper;
}

const shell = (script: string, more: Partial<HelperSpawn> = {}): HelperSpawn => ({
  ...plain,
  argv: ['sh', '-c', script],
  streams: ['null', 'outlet', 'outlet'],
  ...more,
});

type Running = Extract<HelperSpawned, { readonly kind: 'spawned' }>;

async function spawned(helper: Helper, request: HelperSpawn): Promise<Running> {
  const child = await helper.spawn(request);
  assert.equal(child.kind, 'spawned', JSON.stringify(child));
  return child as Running;
}

/** What it wrote to each outlet, to the end. */
const written = ({ outlets }: Running) => Promise.all(outlets.map((fd) => text(new Socket({ fd }))));

async function refusal(helper: Helper, request: HelperSpawn): Promise<string | undefined> {
  const child = await helper.spawn(request);
  return child.kind === 'refused' ? child.error.code : child.kind;
}

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-helper-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function cgroupFolder(name: string): string {
  const mount = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup'].find((path) =>
    existsSync(`${path}/cgroup.procs`),
  );
  return `${mount}/orderly-helper-${name}-${process.pid}`;
}

suite('the helper', { concurrency: 4, timeout: 30_000, skip: !hasHelper && 'there is none' }, () => {
  test('spawns with folder, environment, arguments and streams, and tells how it ended', async (t) => {
    const helper = await helperOf(t);
    const script = 'pwd; echo "$0 $1 $A"; echo to stderr >&2; cat; echo x >/dev/stderr; exit 7';
    const argv = ['sh', '-c', script, 'zero', 'größe one'];
    const child = await spawned(helper, shell('', { argv, cwd: '/usr', env: { ...env, A: 'b=c' } }));
    assert.deepEqual(await written(child), ['/usr\nzero größe one b=c\n', 'to stderr\nx\n']);
    assert.deepEqual(await child.exit, { kind: 'code', code: 7 });
    const killed = await spawned(helper, shell('kill -SEGV $$'));
    assert.deepEqual(await killed.exit, { kind: 'signal', signal: 'SIGSEGV' });
    killed.outlets.forEach(closeSync);
  });

  test('an inlet stays open and empty; further outlets stand where they were asked for; nothing else is open', async (t) => {
    const helper = await helperOf(t);
    const script = 'echo four >&4; exec 4>&-; ls /proc/self/fd; echo ready >&2; read -r line; echo $?';
    const child = await spawned(
      helper,
      shell(script, { streams: ['inlet', 'outlet', 'outlet', 'closed', 'outlet'] }),
    );
    const [stdout, stderr, four] = child.outlets.map((fd) => new Socket({ fd }));
    assert.equal(String((await once(stderr!, 'data'))[0]), 'ready\n');
    process.kill(-child.pid, 'SIGTERM');
    assert.equal(await text(four!), 'four\n');
    // What was open in who runs the tests is passed on by Node too.
    const byNode = spawnSync('ls', ['/proc/self/fd'], { encoding: 'utf8' }).stdout;
    assert.equal(await text(stdout!), byNode);
    assert.deepEqual(await child.exit, { kind: 'signal', signal: 'SIGTERM' });
  });

  test('who was spawned has a session of its own, no signal ignored or blocked, and the limit of files', async (t) => {
    const helper = await helperOf(t);
    helper.limitFiles(77, false);
    const child = await spawned(
      helper,
      shell('ulimit -Sn; grep -E "^Sig(Blk|Ign)" /proc/self/status; cut -d" " -f1,5,6 /proc/$$/stat'),
    );
    const [stdout = ''] = await written(child);
    assert.match(
      stdout,
      new RegExp(`^77\nSigBlk:\t0+\nSigIgn:\t0+\n${child.pid} ${child.pid} ${child.pid}\n$`),
    );
  });

  test('what cannot be spawned is refused with the errno of the system, and leaves nothing', async (t) => {
    const helper = await helperOf(t);
    const before = openIn(helper.pid);
    const folder = folderOf(t);
    writeFileSync(join(folder, 'plain'), 'echo by the shell: "$1"\n');
    writeFileSync(join(folder, 'closed'), '');
    chmodSync(join(folder, 'plain'), 0o755);
    const run = (argv: readonly string[], more: Partial<HelperSpawn> = {}) =>
      refusal(helper, { ...plain, argv, streams: ['null', 'outlet', 'null'], ...more });
    assert.equal(await run(['/no/such/program']), 'ENOENT');
    assert.equal(await run(['no-such-program']), 'ENOENT');
    assert.equal(await run(['true'], { env: { PATH: '' } }), 'ENOENT');
    assert.equal(await run([folder]), 'EACCES');
    assert.equal(await run(['closed'], { env: { PATH: `${folder}:/bin` } }), 'EACCES');
    assert.equal(await run(['true'], { cwd: join(folder, 'none') }), 'ENOENT');
    assert.equal(await run(['true'], { cwd: join(folder, 'plain') }), 'ENOTDIR');
    assert.equal(await run(['']), 'ENOENT');
    assert.equal(await run(['true', 'x'.repeat(200_000)]), 'E2BIG');
    assert.equal(await run(['a\0b']), 'unable');
    assert.equal(await run(['true', 'x'.repeat(5 << 20)]), 'unable');
    const script = await spawned(helper, shell('', { argv: [join(folder, 'plain'), 'it'] }));
    assert.deepEqual(await written(script), ['by the shell: it\n', '']);
    await until(() => hasNoChildren(helper.pid) && openIn(helper.pid) === before);
  });

  test('a child that has ended keeps its number until that was heard, and then goes', async (t) => {
    const helper = await helperOf(t);
    const child = await spawned(helper, shell('exit 0'));
    child.outlets.forEach(closeSync);
    await child.exit;
    assert.equal(readProcessStat(child.pid)?.dead, true);
    await until(() => readProcessStat(child.pid) === undefined);
  });

  test('its outlets may be written to by everyone, and read by nobody else', {
    skip: !isRoot && 'takes root',
  }, async (t) => {
    const helper = await helperOf(t);
    const ids = { uid: 65_534, gid: 65_534, groups: [] };
    const script = 'id -u; id -g; id -G; echo by name >/dev/stdout; cat </dev/stdout';
    const child = await spawned(helper, shell(script, { rights: { ids } }));
    const [stdout, stderr = ''] = await written(child);
    assert.equal(stdout, '65534\n65534\n65534\nby name\n');
    assert.match(stderr, /Permission denied/);
  });

  test('has its user with all groups, its umask, niceness and limits, and nothing stands in front of it', {
    skip: !isRoot && 'takes root',
  }, async (t) => {
    const helper = await helperOf(t);
    const rights = {
      ...{ ids: { uid: 65_534, gid: 65_534, groups: [1, 2] }, umask: 0o27, nice: 7 },
      limits: [
        { resource: 7, soft: 64, hard: 128 },
        { resource: 4, soft: 0, hard: 0 },
      ],
    };
    const script = 'id -u; id -g; id -G; umask; nice; ulimit -S -n; ulimit -H -n; ulimit -H -c; echo $PPID';
    const child = await spawned(helper, shell(script, { rights }));
    const [stdout] = await written(child);
    assert.equal(stdout, `65534\n65534\n65534 1 2\n0027\n7\n64\n128\n0\n${helper.pid}\n`);
  });

  test('rights that the system refuses are told as such, with what it said', {
    skip: !isRoot && 'takes root',
  }, async (t) => {
    const helper = await helperOf(t);
    const above = { resource: 7, soft: 1, hard: 2 ** 40 };
    const refused = await helper.spawn(shell('true', { rights: { limits: [above] } }));
    assert.ok(refused.kind === 'refused');
    assert.deepEqual([refused.error.step, refused.error.code], ['rights', 'EPERM']);
    const closed = mkdtempSync(join(tmpdir(), 'orderly-closed-'));
    t.after(() => rmSync(closed, { recursive: true }));
    const rights = { ids: { uid: 65_534, gid: 65_534, groups: [] } };
    const outside = await helper.spawn(shell('true', { rights, cwd: closed }));
    assert.ok(outside.kind === 'refused');
    assert.deepEqual([outside.error.step, outside.error.code], ['folder', 'EACCES']);
  });

  test('its streams are a file that it appends to', async (t) => {
    const helper = await helperOf(t);
    const folder = mkdtempSync(join(tmpdir(), 'orderly-file-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'log');
    writeFileSync(path, 'before\n');
    const fd = openSync(path, 'a');
    const file = { path: `/proc/${process.pid}/fd/${fd}`, isTerminal: false };
    const child = await spawned(
      helper,
      shell('echo out; echo err >&2', { streams: ['null', 'file', 'file'], file }),
    );
    await child.exit;
    closeSync(fd);
    assert.equal(readFileSync(path, 'utf8'), 'before\nout\nerr\n');
    const gone = { path: join(folder, 'not', 'there'), isTerminal: false };
    const refused = await helper.spawn(shell('true', { streams: ['null', 'file'], file: gone }));
    assert.ok(refused.kind === 'refused');
    assert.deepEqual([refused.error.step, refused.error.code], ['streams', 'ENOENT']);
  });

  test('a signal is sent where it is alone; where it is not, that is told and nobody is signalled', {
    skip: !canUseCgroup() && 'no cgroup v2 that can be written to',
  }, async (t) => {
    const helper = await helperOf(t);
    const folder = cgroupFolder('alone');
    const ask = (child: Running): Promise<string> =>
      new Promise((resolve) => {
        const notAlone = (): void => resolve('not alone');
        void child.exit.then((exit) => resolve(JSON.stringify(exit)));
        const sent = child.signal({
          signal: 15,
          toGroup: true,
          thenContinue: true,
          cgroup: folder,
          notAlone,
        });
        assert.equal(sent, true);
      });
    mkdirSync(folder);
    const alone = await spawned(helper, shell('exec sleep 1000', { cgroup: folder }));
    alone.outlets.forEach(closeSync);
    assert.equal(await ask(alone), '{"kind":"signal","signal":"SIGTERM"}');
    assert.equal(
      alone.signal({ signal: 15, toGroup: true, thenContinue: false, cgroup: folder, notAlone() {} }),
      false,
    );
    const two = await spawned(helper, shell('sleep 1000 & echo two; wait', { cgroup: folder }));
    await until(() => readFileSync(`${folder}/cgroup.procs`, 'utf8').split('\n').length > 2);
    assert.equal(await ask(two), 'not alone');
    two.outlets.forEach(closeSync);
    writeFileSync(`${folder}/cgroup.kill`, '1');
    await two.exit;
    await until(() => readFileSync(`${folder}/cgroup.events`, 'utf8').includes('populated 0'));
    // It is counted there for a moment more.
    await until(() => helper.vacate(folder) && !existsSync(folder));
  });

  test('is born in the cgroup that was asked for, which is made; where that is impossible it is told', {
    skip: !canUseCgroup() && 'no cgroup v2 that can be written to',
  }, async (t) => {
    const helper = await helperOf(t);
    const cgroup = cgroupFolder('test');
    const child = await spawned(helper, shell('grep ^0:: /proc/self/cgroup', { cgroup }));
    assert.match((await written(child))[0] ?? '', new RegExp(`/orderly-helper-test-${process.pid}\n$`));
    await child.exit;
    assert.equal(child.isOutside, false);
    await until(() => {
      try {
        rmdirSync(cgroup);
        return true;
      } catch {
        return false; // It is counted there for a moment more.
      }
    });
    const outside = await spawned(helper, shell('exit 3', { cgroup: `${cgroup}/below` }));
    outside.outlets.forEach(closeSync);
    assert.equal(outside.isOutside, true);
    assert.deepEqual(await outside.exit, { kind: 'code', code: 3 });
  });

  test('thousands that end at once, one in the place of the other: none is lost, or kept', async (t) => {
    const helper = await helperOf(t);
    const cgroup = canUseCgroup() ? cgroupFolder('thousands') : undefined;
    const request = { ...plain, cgroup, argv: ['true'], streams: ['null', 'outlet', 'outlet'] } as const;
    const oneByOne = async (count: number): Promise<number> => {
      let ended = 0;
      for (let n = 0; n < count; n++) {
        const child = await spawned(helper, request);
        assert.deepEqual(await child.exit, { kind: 'code', code: 0 });
        child.outlets.forEach(closeSync);
        ended += 1;
      }
      return ended;
    };
    const counts = await Promise.all(Array.from({ length: 100 }, () => oneByOne(30)));
    assert.ok(counts.every((count) => count === 30));
    assert.equal(helper.isThere, true);
    if (cgroup !== undefined) await until(() => helper.vacate(cgroup) && !existsSync(cgroup));
  });

  test('many at once, each with its own end', async (t) => {
    const helper = await helperOf(t);
    const codes = Array.from({ length: 300 }, (_, n) => n % 200);
    const ends = await Promise.all(
      codes.map(async (code) => {
        const child = await spawned(helper, shell(`echo ${code}; exit ${code}`));
        const [[stdout], exit] = await Promise.all([written(child), child.exit]);
        return [stdout, exit];
      }),
    );
    assert.deepEqual(
      ends,
      codes.map((code) => [`${code}\n`, { kind: 'code', code }]),
    );
    await until(() => hasNoChildren(helper.pid));
  });

  test('what a child leaves becomes a child of its own, is reaped, and dies with the supervisor, without group, mark or cgroup', async (t) => {
    const child = spawn(helperFile, { env: {}, stdio: ['pipe', 'ignore', 'inherit'], detached: true });
    t.after(() => child.kill('SIGKILL'));
    const file = join(folderOf(t), 'pid');
    const script = `(setsid env -i sh -c 'echo $$ >${file}.new; mv ${file}.new ${file}; exec sleep 1000' &) ; exit 0`;
    child.stdin.write(helloFrame(true));
    child.stdin.write(spawnFrame(0, shell(script, { streams: [] })) ?? assert.fail());
    const left = Number(await until(() => existsSync(file) && readFileSync(file, 'utf8')));
    await until(() => readProcessStat(left)?.parent === child.pid);
    child.stdin.end();
    await once(child, 'exit');
    assert.ok(!isAlive(left));
  });

  test('a signal that a child sends to its parent reaches the supervisor', async (t) => {
    const helper = await helperOf(t);
    const heard = once(process, 'SIGUSR2');
    const child = await spawned(helper, shell('kill -USR2 $PPID'));
    child.outlets.forEach(closeSync);
    await heard;
    assert.deepEqual(await child.exit, { kind: 'code', code: 0 });
  });

  test('nonsense ends it with a status of its own, and what it had spawned with it', async (t) => {
    const hello = helloFrame(false);
    const sleeper = spawnFrame(0, { ...plain, argv: ['sleep', '1000'], streams: [] }) ?? assert.fail();
    const long = Buffer.from([255, 255, 255, 255, 83]);
    const cases: readonly (readonly [string, readonly Buffer[], number])[] = [
      ['nothing at all', [], 2],
      ['no hello', [sleeper], 2],
      ['a hello of another version', [Buffer.from([9, 0, 0, 0, 72, 9, 0, 0, 0, 0, 0, 0, 0])], 2],
      ['a length of none', [hello, Buffer.from([0, 0, 0, 0, 83])], 3],
      ['a length beyond all', [hello, sleeper, long], 3],
      ['a kind that there is not', [hello, sleeper, Buffer.from([1, 0, 0, 0, 90])], 3],
      ['a slot that is taken', [hello, sleeper, sleeper], 3],
      ['a slot that there is not', [hello, sleeper, Buffer.from([5, 0, 0, 0, 67, 0, 64, 0, 0])], 3],
      ['half a frame', [hello, sleeper, sleeper.subarray(0, 20)], 0],
      ['a text without an end', [hello, sleeper, cut(sleeper)], 3],
      ['lines without an end', [hello, sleeper, guardFrame('mX')], 3],
    ];
    for (const [name, frames, status] of cases) {
      const child = spawn(helperFile, { env: {}, stdio: ['pipe', 'pipe', 'inherit'], detached: true });
      t.after(() => child.kill('SIGKILL'));
      child.stdin.on('error', () => {});
      const told: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => told.push(chunk));
      for (const frame of frames) child.stdin.write(frame);
      child.stdin.end();
      const [code] = await once(child, 'close');
      assert.equal(code, status, name);
      for (const pid of forkedIn(Buffer.concat(told))) assert.ok(!isAlive(pid), name);
    }
  });
});

const hasNoChildren = (pid: number): boolean =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1') === '';

/** How many descriptors a process has. */
const openIn = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** A frame whose last byte is missing, with a length that fits. */
function cut(frame: Buffer): Buffer {
  const shorter = Buffer.from(frame.subarray(0, -1));
  shorter.writeUInt32LE(shorter.length - 4, 0);
  return shorter;
}

/** The pids in frames of kind F. */
function forkedIn(bytes: Buffer): readonly number[] {
  const pids: number[] = [];
  for (let at = 0; at + 5 <= bytes.length; at += 4 + bytes.readUInt32LE(at))
    if (bytes[at + 4] === 70) pids.push(bytes.readUInt32LE(at + 9));
  return pids;
}
