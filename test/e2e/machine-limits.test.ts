/**
 * A machine that lacks something: a clear sentence, and never half a graph left alone. `ended` of a run fails if anything
 * outlived it.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { suite, type TestContext, test } from 'node:test';
import { claimsOn } from '../support/claims-on.ts';
import { hasHelper } from '../support/has-helper.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { type OrderlyEnd, type OrderlyRun, runOrderly } from '../support/run-orderly.ts';
import { story } from '../support/story.ts';

const mayUnshare = spawnSync('unshare', ['-m', 'true']).status === 0;
const skipUnshare = mayUnshare ? false : 'takes root, and mounts of its own';

/** orderly with other mounts; `script` is done before it. */
function onOtherMounts(script: string): readonly string[] {
  return ['unshare', '-m', 'sh', '-c', `set -e; ${script}; exec "$@"`, 'sh'];
}

/** Why it went down, as the last line of text tells it too. */
function cause({ events, stderr }: OrderlyEnd): string {
  const failed = events.find((event) => event.type === 'service.failed');
  return failed?.cause ?? stderr.at(-1) ?? '';
}

const TWO = `
services:
  db: { command: [sleep, "1000"], ready: { delay: 20ms }, cleanup: [[echo, cleaned]] }
  api: { command: [sleep, "1000"], depends_on: [db] }
`;

async function runsAndStops(t: TestContext, inside: readonly string[]): Promise<void> {
  const run: OrderlyRun = runOrderly(t, { config: TWO, inside });
  await run.event('service.ready', { service: 'api' });
  run.signal('SIGTERM');
  const end = await run.ended;
  assert.equal(end.status, 143);
  assert.ok(story(end.events).includes('db says cleaned'));
}

suite('a machine that lacks', { concurrency: 3, timeout: 60_000 }, () => {
  test('open files: a graph that needs more is refused with both numbers', async (t) => {
    const names = Array.from({ length: 500 }, (_, index) => `s${index}`);
    const config = `services:\n${names.map((name) => `  ${name}: { command: [sleep, "1000"] }\n`).join('')}`;
    const inside = ['sh', '-c', 'ulimit -n 256; exec "$@"', 'sh'];
    const sentence =
      /Cannot start 500 services: that needs about 1064 open files, and orderly may have 256; raise/;
    const up = await runOrderly(t, { config, inside }).ended;
    assert.equal(up.status, 2);
    assert.deepEqual(up.events, []);
    assert.match(cause(up), sentence);
    const check = await runOrderly(t, { config, inside, args: ['check'] }).ended;
    assert.equal(check.status, 0);
    assert.match(check.stderr.join('\n'), sentence);
  });

  test('processes: what runs is taken down, and the cause is told', async (t) => {
    const uid = String(200_000 + (process.pid % 100_000));
    const stranger = ['setpriv', '--reuid', uid, '--regid', uid, '--clear-groups'];
    const works = spawnSync(stranger[0] ?? '', [
      ...stranger.slice(1),
      process.execPath,
      orderlyBin,
      '--version',
    ]);
    if (works.status !== 0) return t.skip('takes root, util-linux, and a program that others may read');
    // The shell and the helper that made our pipes leave room for two or three.
    const names = Array.from({ length: 8 }, (_, index) => `s${index}`);
    const end = await runOrderly(t, {
      config: `
services:
  hog: { command: '(while :; do sleep 1000 & done) 2>/dev/null; echo full; exec sleep 1000', ready: { log: full } }
${names.map((name) => `  ${name}: { command: [sleep, "1000"], depends_on: [hog], restart: no }`).join('\n')}
`,
      inside: ['sh', '-c', `chmod 755 . && exec ${stranger.join(' ')} prlimit --nproc=60 "$@"`, 'sh'],
    }).ended;
    assert.equal(end.status, 1);
    assert.match(
      cause(end),
      /^Cannot start "s\d": there may be no more processes; raise the limit \(ulimit -u, /,
    );
    assert.ok(story(end.events).includes('hog stopped'));
  });

  test('room for an environment: the variable is named, and it is not tried again', async (t) => {
    const config = `
services:
  db: { command: [sleep, "1000"] }
  api: { command: [sleep, "1000"], depends_on: [db], env: { BIG: "${'x'.repeat(150_000)}" } }
`;
    const end = await runOrderly(t, { config }).ended;
    assert.equal(end.status, 1);
    assert.match(
      cause(end),
      /Cannot start "api": its environment variable "BIG" has 147 KiB, and the system takes 128/,
    );
    assert.ok(!end.events.some(({ type }) => type === 'service.backoff'));
    assert.ok(story(end.events).includes('db stopped'));
  });

  test('G11 /proc, and the claims of others stay', { skip: skipUnshare }, async (t) => {
    const other = runOrderly(t, { config: 'services: { a: { command: exec sleep 1000 } }' });
    await other.event('service.ready');
    const before = claimsOn(other);
    await runsAndStops(t, onOtherMounts('mount -t tmpfs none /proc'));
    assert.deepEqual(claimsOn(other), before);
    other.signal('SIGTERM');
    await other.ended;
  });

  test('/dev/shm', { skip: skipUnshare }, (t) =>
    runsAndStops(t, onOtherMounts('mount -t tmpfs -o ro none /dev/shm')),
  );

  test('any folder to write to', { skip: skipUnshare }, (t) =>
    runsAndStops(
      t,
      onOtherMounts(
        'mount -t tmpfs -o ro none /dev/shm; mount --bind /tmp /tmp; mount -o remount,ro,bind /tmp',
      ),
    ),
  );

  /** The folder of tools is hidden, but for a few. */
  const withoutShell = onOtherMounts(`
    mkdir few all; mount --bind /usr/bin all
    for tool in node sleep echo; do ln -s "$PWD/all/$tool" few; done
    [ -h /bin ] || mount --bind few /bin
    mount --bind few /usr/bin`);

  test('a shell: commands that are lists run, probes and clean-ups too', { skip: skipUnshare }, (t) =>
    runsAndStops(t, withoutShell),
  );

  test('a shell: a command that is a text says what to do', { skip: skipUnshare }, async (t) => {
    const config =
      'services: { a: { command: [sleep, "1000"] }, b: { command: sleep 1000, depends_on: [a] } }';
    const end = await runOrderly(t, { config, inside: withoutShell }).ended;
    assert.equal(end.status, 1);
    assert.match(
      cause(end),
      /Cannot start "b": it is a text for a shell, and there is no \/bin\/sh here; write the command as a list of words$/,
    );
  });
});

/** As a shell starts it that has that soft limit of open files. */
const withSoftLimit = (soft: number) => ['sh', '-c', `ulimit -Sn ${soft}; "$@"; exit $?`, 'sh'];

for (const [name, soft, services, seen] of [
  ['a graph that gets by with it', 700, 1, '700'],
  ['a graph that does not', 130, 20, undefined],
] as const)
  test(`services get back the soft limit of open files: ${name}`, {
    skip: !existsSync('/usr/bin/prlimit'),
  }, async (t) => {
    const more = Array.from({ length: services }, (_, n) => `  s${n}: { type: task, command: "true" }`).join(
      '\n',
    );
    const config = `services:
  text: { type: task, command: "echo limit $(ulimit -Sn) $(ulimit -Hn)" }
  list: { type: task, command: [sh, -c, "echo limit $(ulimit -Sn) $(ulimit -Hn)"], cleanup: ["ulimit -Sn >cleanup"] }
  asks: { type: task, command: [sh, -c, "echo limit $(ulimit -Sn) $(ulimit -Hn)"], limits: { nofile: { soft: 99 } } }
${more}`;
    const run = runOrderly(t, { config, inside: withSoftLimit(soft) });
    const end = await run.ended;
    const hard = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
    const limits = new Map(
      end.events.flatMap((event) => (event.type === 'log' ? [[event.service, event.text] as const] : [])),
    );
    // The helper gives it to services in any case; orderly itself may need more.
    const given = `limit ${seen ?? (hasHelper ? soft : hard)} ${hard}`;
    assert.deepEqual([...limits].sort(), [
      ['asks', `limit 99 ${hard}`],
      ['list', given],
      ['text', given],
    ]);
  });
