/**
 * A project that is left in the background, and one that others join: who started what, and what stays when they leave.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { isAlive } from '../support/process-lab.ts';
import { type OrderlyEnd, type OrderlyRun, runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

/** The state folder is in the folder of the test. */
const background = (folder: string) => ({ XDG_STATE_HOME: join(folder, 'state') });

/** What a command says, in the folder of a run. */
function ask(t: TestContext, { folder }: Pick<OrderlyRun, 'folder'>, ...args: string[]): Promise<OrderlyEnd> {
  return runOrderly(t, { args, cwd: folder, env: background(folder) }).ended;
}

/** `orderly up -d` in a fresh folder; what it leaves goes down with the test. */
async function upInBackground(
  t: TestContext,
  config: string,
  ...more: string[]
): Promise<{ readonly folder: string; readonly end: OrderlyEnd }> {
  const first = runOrderly(t, { args: ['check'], config });
  await first.ended;
  const { folder } = first;
  const args = ['up', '-d', ...more];
  const run = runOrderly(t, { args, cwd: folder, env: background(folder), mayLeaveProcesses: true });
  return { folder, end: await run.ended };
}

async function statesOf(t: TestContext, run: Pick<OrderlyRun, 'folder'>): Promise<string> {
  const { stdout, stderr } = await ask(t, run, 'ps', '--json');
  assert.deepEqual(stderr, []);
  const services = JSON.parse(stdout.join('\n')) as { readonly service: string; readonly state: string }[];
  return services.map(({ service, state }) => `${service} ${state}`).join(', ');
}

const shop = `
services:
  db: { command: exec sleep 1000 }
  api: { command: "echo serving; exec sleep 1000", depends_on: [db], ready: { log: serving } }
  mailer: { command: "echo mailing; exec sleep 1000", depends_on: [db], profiles: [mail], log: { file: mailer.log } }
`;

suite('in the background', { concurrency: 2, timeout: 60_000 }, () => {
  test('JN-3 up -d returns when all is ready; another one is a success, and starts what is missing', async (t) => {
    const { folder, end } = await upInBackground(t, shop);
    assert.equal(end.status, 0, end.stderr.join('\n'));
    assert.match(
      end.stderr.join('\n'),
      /api: ready: .*\n.*all 2 ready after .*\n.*in the background \(pid \d+\)/,
    );
    const run = { folder };
    assert.equal(await statesOf(t, run), 'db ready, api ready, mailer stopped');
    const again = await ask(t, run, 'up', '-d');
    assert.deepEqual([again.status, again.stdout], [0, []]);
    assert.equal((await ask(t, run, 'up', '-d', 'mailer')).status, 0);
    assert.equal(await statesOf(t, run), 'db ready, api ready, mailer ready');
    assert.equal(readFileSync(join(folder, 'mailer.log'), 'utf8'), 'mailing\n');
    assert.equal((await ask(t, run, 'down')).status, 0);
    const [project = ''] = readdirSync(join(folder, 'state', 'orderly'));
    const path = join(folder, 'state', 'orderly', project, 'output.log');
    await until(() => readFileSync(path, 'utf8').includes('orderly: stopped after'));
    assert.match(readFileSync(path, 'utf8'), /^api \| serving$/m);
  });

  test('JN-3 up -d ends with status 1 and the report when something fails, however soon', async (t) => {
    const broken = shop.replace('echo serving; exec sleep 1000', 'echo cannot serve; exit 3');
    const { end } = await upInBackground(t, broken.replace('ready: { log', 'restart: "no", ready: { log'));
    assert.equal(end.status, 1);
    assert.match(end.stderr.join('\n'), /cannot serve[\s\S]*"api" failed: exited with code 3/);
  });

  test('JN-3 what fails and takes nothing with it leaves the rest running', async (t) => {
    const broken = shop.replace('echo serving; exec sleep 1000', 'exit 3');
    const config = broken.replace('ready: { log', 'restart: "no", on_failure: ignore, ready: { log');
    const { folder, end } = await upInBackground(t, config);
    assert.equal(end.status, 1);
    assert.equal(await statesOf(t, { folder }), 'db ready, api failed, mailer stopped');
    assert.equal((await ask(t, { folder }, 'down')).status, 0);
  });

  test('RQ-12 --timeout ends the waiting, and not the run', async (t) => {
    const slow = shop.replace('echo serving; ', '');
    const { folder, end } = await upInBackground(t, slow, '--timeout', '300ms');
    assert.equal(end.status, 1);
    assert.match(end.stderr.join('\n'), /not all is ready within 300 ms; the run goes on/);
    assert.equal(await statesOf(t, { folder }), 'db ready, api starting, mailer stopped');
    assert.equal((await ask(t, { folder }, 'down')).status, 0);
  });

  test('JN-3 G11 two at the same moment make one run, and answer alike', async (t) => {
    const first = runOrderly(t, { args: ['check'], config: shop });
    await first.ended;
    const { folder } = first;
    const start = () =>
      runOrderly(t, { args: ['up', '-d'], cwd: folder, env: background(folder), mayLeaveProcesses: true });
    const ends = await Promise.all([start(), start(), start()].map((run) => run.ended));
    assert.deepEqual(
      ends.map(({ status }) => status),
      [0, 0, 0],
      ends.map(({ stderr }) => stderr.join('\n')).join('\n--\n'),
    );
    const { stdout } = await ask(t, first, 'ls', '--json');
    const runs = JSON.parse(stdout.join('\n')) as readonly { readonly file: string }[];
    assert.equal(runs.filter(({ file }) => file.startsWith(folder)).length, 1);
    assert.equal((await ask(t, first, 'down')).status, 0);
  });

  test('G10: what makes no sense together is said, and nothing is started', async (t) => {
    const first = runOrderly(t, { args: ['check'], config: shop });
    await first.ended;
    for (const [args, said] of [
      [['up', '--timeout', '1s'], /are for "up -d"/],
      [['up', '-q'], /are for "up -d"/],
      [['up', '-d', '--no-control'], /leave out --no-control or -d/],
      [['up', '-d', '--timeout', 'soon'], /duration/],
    ] as const) {
      const { status, stderr } = await ask(t, first, ...args);
      assert.equal(status, 2);
      assert.match(stderr.join('\n'), said);
    }
    assert.equal((await ask(t, first, 'ps', '--json')).stdout.join(''), '[]');
  });

  test('a state folder that cannot be written is a sentence with the remedy', async (t) => {
    const first = runOrderly(t, { args: ['check'], config: shop });
    await first.ended;
    const { folder } = first;
    for (const [env, said] of [
      [{ XDG_STATE_HOME: '/dev/null' }, /Cannot keep the output in "\/dev\/null.*set XDG_STATE_HOME/],
      [{ XDG_STATE_HOME: undefined, HOME: undefined }, /set XDG_STATE_HOME or HOME to an absolute path/],
    ] as const) {
      const { status, stderr } = await runOrderly(t, { args: ['up', '-d'], cwd: folder, env }).ended;
      assert.equal(status, 2);
      assert.match(stderr.join('\n'), said);
    }
    assert.equal((await ask(t, first, 'ps', '--json')).stdout.join(''), '[]');
  });
});

suite('joining', { concurrency: 2, timeout: 60_000 }, () => {
  /** A second terminal. */
  const second = (t: TestContext, { folder }: OrderlyRun, ...args: string[]) =>
    runOrderly(t, { args, cwd: folder });

  test('JN-2 JN-4 JN-5 JN-7 a second up shows the run, starts what is missing, and takes that with it', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'api' });
    const other = second(t, run, 'up', 'mailer');
    await other.line(/joined the run of this project \(pid \d+/);
    await other.line(/^mailer \| mailing$/);
    await run.event('service.ready', { service: 'mailer' });
    assert.equal(await statesOf(t, run), 'db ready, api ready, mailer ready');
    other.signal('SIGINT');
    const { status, stderr } = await other.ended;
    assert.equal(status, 130);
    assert.match(stderr.join('\n'), /mailer: stopped[\s\S]*left the run/);
    assert.equal(await statesOf(t, run), 'db ready, api ready, mailer stopped');
    await ask(t, run, 'down');
    const { events } = await run.ended;
    assert.equal(events.filter(({ type }) => type === 'service.stopping').length, 3);
  });

  test('JN-7 with nothing started it leaves at once; JN-8 JN-9 the end of the run ends it, by a number', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'api' });
    const guest = second(t, run, 'up');
    const other = second(t, run, 'up', '--output', 'json');
    for (const one of [guest, other]) await one.line(/joined the run/);
    guest.signal('SIGINT');
    assert.equal((await guest.ended).status, 130);
    run.signal('SIGINT');
    const ends = await Promise.all([run.ended, other.ended]);
    assert.deepEqual(
      ends.map(({ status, signal }) => [status, signal]),
      [
        [130, 'SIGINT'],
        [130, null],
      ],
    );
    assert.ok(ends[1].stdout.some((line) => line.includes('"run.finished"')));
  });

  test('JN-5 a client that dies leaves nothing behind', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'api' });
    const other = second(t, run, 'up', 'mailer');
    await run.event('service.ready', { service: 'mailer' });
    other.signal('SIGKILL');
    await run.event('service.stopped', { service: 'mailer' });
    await ask(t, run, 'down');
    await run.ended;
  });

  test('JN-2 files that have changed are told, and nothing is changed by that', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'api' });
    writeFileSync(join(run.folder, 'supervisor.yaml'), shop.replace('echo serving', 'echo serving two'));
    const other = second(t, run, 'up');
    await other.line(
      /the files have changed since that run read them \(api\); "orderly reload" applies that/,
    );
    other.signal('SIGINT');
    await other.ended;
    assert.equal(await statesOf(t, run), 'db ready, api ready, mailer stopped');
    await ask(t, run, 'down');
    assert.ok(!(await run.ended).events.some(({ type }) => type === 'graph.changed'));
  });

  test('JN-10 a command runs once its needs are ready, and ends nothing but what it brought', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'api' });
    const command = ['sh', '-c', 'echo here; exit 7'];
    const { status, stdout } = await second(t, run, 'run', '--needs', 'mailer', '--', ...command).ended;
    assert.deepEqual([status, stdout], [7, ['here']]);
    await run.event('service.stopped', { service: 'mailer' });
    assert.equal(await statesOf(t, run), 'db ready, api ready, mailer stopped');
    const broken = await second(t, run, 'run', '--needs', 'mailer', '--', '/no/such/program').ended;
    assert.equal(broken.status, 127);
    await ask(t, run, 'down');
    await run.ended;
  });

  test('JN-10 where the needs cannot be ready it does not run, and says why', async (t) => {
    const config = shop
      .replace('echo mailing; exec sleep 1000', 'exit 4')
      .replace('profiles', 'restart: "no", ready: { log: x }, profiles');
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'api' });
    const { status, stdout, stderr } = await second(t, run, 'run', '--needs', 'mailer', '--', 'echo', 'here')
      .ended;
    assert.deepEqual([status, stdout], [1, []]);
    assert.match(stderr.join('\n'), /Cannot run echo: "mailer" .*exited with code 4/);
    assert.equal(await statesOf(t, run), 'db ready, api ready, mailer failed');
    await ask(t, run, 'down');
    await run.ended;
  });

  test('X24 when the run goes down the command is asked to end', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'api' });
    const script = 'trap "echo asked; exit 5" TERM; echo up; while :; do sleep 0.1; done';
    const other = second(t, run, 'run', '--needs', 'db', '--', 'sh', '-c', script);
    await other.line(/^up$/);
    run.signal('SIGINT');
    const [first, end] = await Promise.all([run.ended, other.ended]);
    assert.equal(first.status, 130);
    assert.deepEqual([end.status, end.stdout], [5, ['up', 'asked']]);
  });

  test('what asks the command to end asks all that it has started, and its own "kill 0" hits nobody else', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'api' });
    const start = 'sleep 1000 & echo $!; echo up;';
    const asked = second(t, run, 'run', '--needs', 'db', '--', 'sh', '-c', `${start} wait`);
    await asked.line(/^up$/);
    asked.signal('SIGTERM');
    const end = await asked.ended;
    assert.equal(end.status, 143);
    assert.ok(!isAlive(Number(end.stdout[0])));
    const itself = await second(t, run, 'run', '--needs', 'db', '--', 'sh', '-c', `${start} kill 0`).ended;
    assert.deepEqual([itself.status, itself.stderr], [143, []]);
    assert.ok(!isAlive(Number(itself.stdout[0])));
    await ask(t, run, 'down');
    await run.ended;
  });

  test('SD-7 what meets a run in its shutdown waits for its end, and begins a new one', async (t) => {
    const config = `
services:
  slow: { command: [sh, -c, "trap 'until [ -e go ]; do sleep 0.05; done; exit' TERM; echo up; while :; do sleep 0.1; done"], ready: { log: up } }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready');
    run.signal('SIGTERM');
    await run.event('service.stopping');
    const next = second(t, run, 'up', '--output', 'json');
    await next.line(/is ending \(SIGTERM\): waiting for that/);
    writeFileSync(join(run.folder, 'go'), '');
    await next.event('service.ready');
    assert.equal((await run.ended).status, 143);
    next.signal('SIGTERM');
    assert.equal((await next.ended).status, 143);
  });

  test('SA-10 what was not selected is looked at before it is started', async (t) => {
    const config = shop.replace('file: mailer.log', 'file: supervisor.yaml/x.log');
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'api' });
    const { status, stderr } = await ask(t, run, 'start', 'mailer');
    assert.equal(status, 2);
    assert.match(stderr.join('\n'), /supervisor\.yaml:[\s\S]*"log.file"/);
    assert.equal(await statesOf(t, run), 'db ready, api ready, mailer stopped');
    await ask(t, run, 'down');
    await run.ended;
  });
});

suite('beside what runs', { concurrency: 2, timeout: 60_000 }, () => {
  test('JN-13 exec has the environment and the folder of the instance, and is none of its processes', async (t) => {
    const config = `
services:
  db:
    command: exec sleep 1000
    env: { SECRET: hidden }
    cwd: sub
`;
    const run = runOrderly(t, { config, files: { 'sub/x': '' } });
    await run.event('service.ready');
    const script = 'echo "$SECRET" "$(basename $PWD)" "$ORDERLY_SERVICE"; exit 4';
    const { status, stdout } = await ask(t, run, 'exec', 'db', '--', 'sh', '-c', script);
    assert.deepEqual([status, stdout], [4, ['hidden sub ']]);
    const held = runOrderly(t, {
      args: [
        'exec',
        'db',
        'sh',
        '-c',
        'trap "echo asked; exit 3" TERM; echo up; while :; do sleep 0.1; done',
      ],
      cwd: run.folder,
    });
    await held.line(/^up$/);
    assert.equal((await ask(t, run, 'restart', 'db')).status, 0);
    assert.equal((await ask(t, run, 'stop', 'db')).status, 0);
    const gone = await ask(t, run, 'exec', 'db', 'true');
    assert.equal(gone.status, 1);
    assert.match(gone.stderr.join('\n'), /Cannot run true beside db: it is stopped/);
    assert.equal((await ask(t, run, 'exec', 'dbb', 'true')).status, 2);
    await ask(t, run, 'down');
    assert.deepEqual([(await held.ended).status, (await held.ended).stdout], [3, ['up', 'asked']]);
    await run.ended;
  });

  test('JN-14 who looks leaves when nobody reads any more', async (t) => {
    const config = 'services: { a: { command: "while :; do echo tick; sleep 0.05; done" } }';
    const run = runOrderly(t, { config });
    await run.event('service.ready');
    for (const command of ['attach', 'up', 'logs -f']) {
      const script = `"$@" ${command} | head -n 2`;
      const inside = ['sh', '-c', script, 'sh'];
      const { stdout } = await runOrderly(t, { args: [], inside, cwd: run.folder }).ended;
      assert.equal(stdout.length, 2, command);
    }
    await ask(t, run, 'down');
    await run.ended;
  });

  test('JN-9 JN-14 attach shows what happens, changes nothing, and ends with the run', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'api' });
    const [one, other] = [[], ['-t']].map((more) =>
      runOrderly(t, { args: ['attach', ...more], cwd: run.folder }),
    );
    while ((await ask(t, run, 'events', '--json')).stdout.filter(isLeased).length < 2);
    one!.signal('SIGINT');
    assert.equal((await one!.ended).status, 130);
    assert.equal((await ask(t, run, 'restart', 'api')).status, 0);
    await other!.line(/^[\d:.]{12} api {4}\| serving$/);
    await ask(t, run, 'down');
    const { status, stderr } = await other!.ended;
    assert.equal(status, 0);
    assert.match(stderr.at(-1) ?? '', /^[\d:.]{12} orderly: .*asked to go down/);
    await run.ended;
  });
});

/** Somebody holds nothing, and looks. */
function isLeased(line: string): boolean {
  const event = JSON.parse(line) as {
    readonly type: string;
    readonly kind?: string;
    readonly names?: readonly string[];
  };
  return event.type === 'request.accepted' && event.kind === 'start' && event.names?.length === 0;
}
