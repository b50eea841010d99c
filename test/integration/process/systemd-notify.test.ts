/**
 * `notify: systemd` between real processes: who is heard, who is not, and what is left of it afterwards.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createProcessLab, isAlive, type Observed, type ProcessLab } from '../../support/process-lab.ts';
import { programPath } from '../../support/programs.ts';

const notify = programPath('notify.pl');
const notifyAndEnd = programPath('notify-and-end.pl');
const channel = { channel: 'systemd' } as const;
const isRoot = process.getuid?.() === 0;

const shell = (script: string) => ({ kind: 'shell', script: `${script}\n:` }) as const;
const ready = (values: Record<string, string> = {}) => ({ kind: 'ready', values });
const kinds = ({ notifications }: Observed) => notifications.map(({ kind }) => kind);
const notes = ({ notifications }: Observed) =>
  notifications.flatMap((each) => (each.kind === 'note' ? [each.text] : []));

/** A service that says where its socket is, and READY=1 once it gets SIGUSR1. */
async function silent(lab: ProcessLab): Promise<Observed & { readonly path: string }> {
  const script = `trap '${notify} READY=1 &' USR1; echo "at $NOTIFY_SOCKET"; while :; do sleep 1000 & wait; done`;
  const observed = await lab.launch(shell(script), channel);
  const [, path = ''] = await observed.line(/^at (.*)$/m);
  return Object.assign(observed, { path });
}

/** Sends as a process that belongs to no service, and waits until it is sent. */
async function sendAsStranger(t: TestContext, path: string, ...messages: readonly string[]): Promise<number> {
  const child = spawn(notify, messages, {
    env: { NOTIFY_SOCKET: path },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child.pid ?? 0;
}

test('the main process is heard, with its values', async (t) => {
  const lab = await createProcessLab(t);
  const { notified } = await lab.launch([notify, 'X_PORT=5432', 'READY=1\\nX_HOST=::1'], channel);
  assert.deepEqual(await notified('ready'), ready({ host: '::1', port: '5432' }));
});

test('anyone may send where root may become anybody, but only we may make or remove sockets there, and the path is not too long', async (t) => {
  const lab = await createProcessLab(t);
  const { path } = await silent(lab);
  assert.equal(statSync(path).mode & 0o7777, 0o666);
  assert.equal(statSync(dirname(path)).mode & 0o7777, 0o755);
  assert.ok(Buffer.byteLength(path) <= 107);
});

test('children are heard, and a daemon that nobody owns any more', async (t) => {
  const lab = await createProcessLab(t);
  for (const script of [
    `${notify} READY=1 & exec sleep 1000`,
    `(setsid ${notify} READY=1 &); exec sleep 1000`,
    `setsid sh -c '(setsid env -u ORDERLY_RUN ${notify} READY=1; :) & exec sleep 1000' & exec sleep 1000`,
  ]) {
    const observed = await lab.launch(shell(script), channel);
    assert.deepEqual(await observed.notified('ready'), ready(), script);
    assert.deepEqual(notes(observed), []);
  }
});

test('another user is heard', { skip: !isRoot }, async (t) => {
  const lab = await createProcessLab(t);
  const argv = [
    'setpriv',
    '--reuid',
    '65534',
    '--clear-groups',
    'perl',
    '-e',
    readFileSync(notify, 'utf8'),
    'READY=1',
  ];
  const { notified } = await lab.launch(argv, channel);
  await notified('ready');
});

test('a stranger is not heard, and is told once', async (t) => {
  const lab = await createProcessLab(t);
  const service = await silent(lab);
  const other = await silent(lab);
  const stranger = await sendAsStranger(t, service.path, 'READY=1', 'READY=1', 'STOPPING=1');
  await service.notified('note');
  await sendAsStranger(t, service.path, 'READY=1');
  assert.deepEqual(kinds(service), ['note']);
  assert.match(notes(service)[0] ?? '', new RegExp(`process ${stranger} \\(.*notify\\.pl.*none of its own`));
  service.instance.ask('SIGUSR1', 'main');
  await service.notified('ready');
  assert.deepEqual(kinds(service), ['note', 'ready']);
  assert.deepEqual(kinds(other), []);
});

test('a process of another service is a stranger too', async (t) => {
  const lab = await createProcessLab(t);
  const service = await silent(lab);
  const script = `NOTIFY_SOCKET=${service.path} ${notify} READY=1`;
  const other = await lab.launch(shell(script), channel);
  await service.notified('note');
  assert.deepEqual([kinds(service), kinds(other)], [['note'], []]);
});

test('who can not be recognised any more is not heard, and the note says why', async (t) => {
  const lab = await createProcessLab(t);
  const service = await silent(lab);
  // While this runs we hear nothing.
  spawnSync(notifyAndEnd, ['READY=1'], { env: { NOTIFY_SOCKET: service.path } });
  await service.notified('note');
  assert.match(notes(service)[0] ?? '', /had ended before it could be recognised/);
});

test('the last words of the main process are heard before its exit', async (t) => {
  const lab = await createProcessLab(t);
  for (let round = 0; round < 20; round++) {
    const observed = await lab.launch([notifyAndEnd, 'READY=1', 'STATUS=bye'], channel);
    assert.deepEqual(await observed.instance.exited, { kind: 'code', code: 0 });
    assert.deepEqual(kinds(observed), ['ready', 'status', 'closed']);
  }
});

test('G9 a thousand messages at once are all heard, in order, and others in between', async (t) => {
  const lab = await createProcessLab(t);
  let turns = 0;
  const turn = setInterval(() => (turns += 1), 0);
  t.after(() => clearInterval(turn));
  const observed = await lab.launch([programPath('notify-flood.pl')], channel);
  await observed.notified('ready');
  const texts = observed.notifications.map((each) => (each.kind === 'status' ? each.text : each.kind));
  assert.deepEqual(texts, [...Array.from({ length: 999 }, (_, at) => String(at + 1)), 'ready']);
  assert.ok(turns > 0);
});

test('a message of 64 KiB is heard, a longer one is not, and is told', async (t) => {
  const lab = await createProcessLab(t);
  const padded = (length: number) => `READY=1\\nX_PAD=${'x'.repeat(length - 'READY=1\nX_PAD='.length)}`;
  const longest = await lab.launch([notify, padded(65_536)], channel);
  const said = await longest.notified('ready');
  assert.equal(said.kind === 'ready' && said.values.pad?.length, 65_536 - 'READY=1\nX_PAD='.length);
  const longer = await lab.launch([notify, padded(65_537), 'STATUS=next'], channel);
  await longer.notified('status');
  assert.deepEqual(notes(longer), ['sent a message of more than 64 KiB: ignored']);
});

test('systemd-notify is heard, and lets go at once, its descriptor with it', async (t) => {
  const lab = await createProcessLab(t);
  const before = pipes();
  for (const options of ['', '--pid', '--status=up']) {
    const script = `systemd-notify --ready ${options} && echo done; exec sleep 1000`;
    const observed = await lab.launch(shell(script), channel);
    // It waits for five seconds if nobody answers, and then fails.
    await observed.line(/^done$/m);
    assert.deepEqual(notes(observed), []);
    await observed.notified('ready');
  }
  const task = await lab.launch(['systemd-notify', '--ready'], channel);
  assert.deepEqual(await task.instance.exited, { kind: 'code', code: 0 });
  assert.ok(kinds(task).includes('ready'));
  assert.deepEqual(pipes(), before);
});

test('the socket goes with the main process, and the folder with the last socket', async (t) => {
  const lab = await createProcessLab(t);
  const first = await silent(lab);
  const second = await silent(lab);
  assert.equal(dirname(first.path), dirname(second.path));
  first.instance.kill();
  await first.instance.exited;
  assert.ok(!existsSync(first.path));
  assert.ok(existsSync(second.path));
  second.instance.kill();
  await second.instance.exited;
  assert.ok(!existsSync(dirname(second.path)));
  const third = await silent(lab);
  assert.notEqual(dirname(third.path), dirname(first.path));
});

test('a failed and a called-off launch leave no socket', async (t) => {
  const lab = await createProcessLab(t);
  const { path } = await silent(lab);
  const before = readdirSync(dirname(path));
  await lab.tryLaunch(['/no/such/program'], channel);
  await lab.tryLaunch(['/bin/true'], { ...channel, mayStart: () => false });
  assert.deepEqual(readdirSync(dirname(path)), before);
});

test('G11 what a killed run left is removed by the next, what somebody serves is not', async (t) => {
  const lab = await createProcessLab(t);
  const { path, instance } = await silent(lab);
  const parent = dirname(dirname(path));
  const dead = join(parent, `orderly-notify-dead${process.pid}`);
  const young = join(parent, `orderly-notify-young${process.pid}`);
  t.after(() => {
    for (const folder of [dead, young]) rmSync(folder, { recursive: true, force: true });
  });
  const leave = programPath('notify-socket-left.pl');
  for (const folder of [dead, young]) {
    mkdirSync(folder);
    assert.equal(spawnSync(leave, [join(folder, '1')], { encoding: 'utf8' }).stderr, '');
  }
  const longAgo = new Date(Date.now() - 3_600_000);
  for (const folder of [dead, dirname(path)]) utimesSync(folder, longAgo, longAgo);
  const other = await silent(await createProcessLab(t));
  assert.notEqual(dirname(other.path), dirname(path));
  assert.ok(!existsSync(dead));
  assert.ok(existsSync(path));
  assert.ok(existsSync(young));
  instance.ask('SIGUSR1', 'main');
});

test('MAINPID: the stop signal for the main process goes to the one that was named, and to its leader after that', async (t) => {
  const lab = await createProcessLab(t);
  const leader = `$| = 1; $SIG{TERM} = sub { print "leader got it\\n" }; sleep while 1`;
  const script = `sh -c 'exec ${notify} "READY=1\\nMAINPID=$$"' & exec perl -e '${leader}'`;
  const observed = await lab.launch(shell(script), channel);
  await observed.notified('ready');
  observed.instance.ask('SIGTERM', 'main');
  await observed.line(/^leader got it$/m);
  assert.match(observed.output.stdout, /^got TERM\nleader got it$/m);
});

const endings: readonly (readonly [law: string, words: string, exit: object])[] = [
  ['how it ended is not known, and is not made up', '', { kind: 'unknown' }],
  ['who said that it was stopping ended well', 'STOPPING=1', { kind: 'code', code: 0 }],
  ['who said what it would exit with did', 'STOPPING=1\\nEXIT_STATUS=4', { kind: 'code', code: 4 }],
];

for (const [law, words, exit] of endings) {
  test(`MAINPID: the instance lives on with the process that was named: ${law}`, async (t) => {
    const lab = await createProcessLab(t);
    // It names itself, and the one that was spawned ends.
    const script = `setsid sh -c 'exec ${notify} "READY=1\\nMAINPID=$$" "${words}"' & wait`;
    const observed = await lab.launch(shell(script), channel);
    const [, named = ''] = await observed.line(/^sent (\d+)$/m);
    await observed.notified('ready');
    const leader = observed.instance.pid ?? 0;
    process.kill(leader, 'SIGTERM');
    await until(() => !existsSync(`/proc/${leader}`));
    let isOver = false;
    void observed.instance.exited.then(() => {
      isOver = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(isOver, false);
    assert.ok(isAlive(Number(named)));
    observed.instance.ask('SIGTERM', 'group');
    assert.deepEqual(await observed.instance.exited, exit);
    assert.equal(kinds(observed).at(-1), 'closed');
    await observed.instance.treeGone();
  });
}

test('MAINPID: what the one that hands over says of its own end is not said of the service', async (t) => {
  const lab = await createProcessLab(t);
  const script = `trap 'exec ${notify} STOPPING=1' USR1; setsid sh -c 'exec ${notify} "MAINPID=$$" "READY=1"' & wait`;
  const observed = await lab.launch(shell(script), channel);
  await observed.notified('ready');
  process.kill(observed.instance.pid ?? 0, 'SIGUSR1');
  await observed.notified('stopping');
  observed.instance.ask('SIGTERM', 'group');
  assert.deepEqual(await observed.instance.exited, { kind: 'unknown' });
  assert.equal(observed.output.stdout.match(/^got TERM$/gm)?.length, 2);
  assert.match(notes(observed)[0] ?? '', /^has process \d+ as its main one from now on$/);
});

/** Each is none of its own, or none that lives. */
const noMainProcess: readonly (readonly [
  who: string,
  pid: (t: TestContext, lab: ProcessLab) => unknown,
  why: RegExp,
])[] = [
  ['orderly itself', () => process.pid, /that is orderly itself/],
  ['PID 1', () => 1, /that is PID 1/],
  ['a stranger', (t) => stranger(t).pid, /that is none of its own/],
  ['what orderly started for itself', (t) => stranger(t, { detached: true }).pid, /that is none of its own/],
  [
    'one of another service',
    async (_, lab) => (await lab.launch(['sleep', '1000'])).instance.pid,
    /none of its own/,
  ],
  ['one that is not there', () => 999_999_999, /there is no such process/],
  [
    'a thread',
    () => readdirSync('/proc/self/task').find((id) => Number(id) !== process.pid),
    /no such process/,
  ],
];

for (const [who, pidOf, why] of noMainProcess) {
  test(`MAINPID: ${who} is no main process of it`, async (t) => {
    const lab = await createProcessLab(t);
    const words = `MAINPID=${await pidOf(t, lab)}`;
    const observed = await lab.launch([notify, words, words, 'READY=1'], channel);
    await observed.notified('ready');
    const [note = '', ...more] = notes(observed);
    assert.match(note, why);
    assert.match(note, /^names process \d+ as its main one, but .*: ignored$/);
    assert.deepEqual(more, []);
    observed.instance.ask('SIGTERM', 'main');
    assert.deepEqual(await observed.instance.exited, { kind: 'code', code: 7 });
  });
}

test('MAINPID: one that has ended is no main process of it, though it waits to be reaped', async (t) => {
  const lab = await createProcessLab(t);
  const named = `$p = fork // die; if (!$p) { exit } 1 until -e "/proc/$p" && \`cat /proc/$p/stat\` =~ /\\) Z/;`;
  const say = `$ENV{W} = "READY=1\\nMAINPID=$p"; exec "sh", "-c", q(exec ${notify} "$W")`;
  const observed = await lab.launch(['perl', '-e', `${named} ${say}`], channel);
  await observed.notified('ready');
  assert.match(notes(observed)[0] ?? '', /but that has ended: ignored$/);
  observed.instance.ask('SIGTERM', 'main');
  assert.deepEqual(await observed.instance.exited, { kind: 'code', code: 7 });
});

function stranger(t: TestContext, options: { readonly detached?: boolean } = {}) {
  const child = spawn('sleep', ['1000'], { ...options, stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

test("the socket of a service with a user of its own is that one's alone", { skip: !isRoot }, async (t) => {
  const lab = await createProcessLab(t);
  const rights = { env: {}, before: [], script: undefined, ids: undefined, uid: 4242, who: undefined };
  const { line } = await lab.launch(shell('echo "at $NOTIFY_SOCKET"; exec sleep 1000'), {
    ...channel,
    rights,
  });
  const [, path = ''] = await line(/^at (.*)$/m);
  assert.deepEqual([statSync(path).uid, statSync(path).mode & 0o7777], [4242, 0o600]);
});

/** What `systemd-notify` sends along is the end of one; FIFOs are others. */
function pipes(): readonly string[] {
  return readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith('pipe:'));
}

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return ''; // The one by which we looked.
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
