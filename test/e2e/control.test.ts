/**
 * A run that is looked at and commanded from other terminals, by the real program on both sides.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { ask, socketOf, stateOf } from '../support/control-client.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';

const shop = `
services:
  db: { command: "echo db is up; exec sleep 1000" }
  api: { command: "echo api is up; exec sleep 1000", depends_on: [db] }
  web: { command: exec sleep 1000, depends_on: [api] }
  seed: { type: task, command: echo seeded, depends_on: [db] }
`;

const failing = `
services:
  api:
    command: "echo what a pity >&2; exit 3"
    ready: { delay: 10s }
    restart: { policy: on-failure, delay: 1m, max: 5 }
    on_failure: ignore
  web: { command: exec sleep 1000, depends_on: [api] }
`;

suite('a run that is commanded', { concurrency: 3, timeout: 60_000 }, () => {
  test('ps, stop, start, restart, signal, wait, down: what each answers is so when it returns', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'web' });
    await run.event('service.completed', { service: 'seed' });
    assert.equal(await stateOf(t, run), 'db ready#1, api ready#1, web ready#1, seed completed#1');
    const stopped = await ask(t, run, 'stop', 'api');
    assert.deepEqual([stopped.status, stopped.stdout], [0, ['api: stopped', 'web: stopped']]);
    assert.equal(await stateOf(t, run), 'db ready#1, api stopped#1, web stopped#1, seed completed#1');
    assert.equal((await ask(t, run, 'start', 'api')).status, 0);
    assert.equal((await ask(t, run, 'wait', 'web', '--for', 'ready')).status, 0);
    assert.equal(await stateOf(t, run), 'db ready#1, api ready#2, web ready#2, seed completed#1');
    assert.deepEqual((await ask(t, run, 'restart', 'db')).stdout, ['db: restarted']);
    assert.equal(await stateOf(t, run), 'db ready#2, api ready#2, web ready#2, seed completed#1');
    assert.deepEqual((await ask(t, run, 'start', 'db')).stdout, ['nothing to do: it is so already']);
    assert.deepEqual((await ask(t, run, 'signal', 'web', 'usr1')).stdout, ['web: signalled']);
    const down = await ask(t, run, 'down');
    assert.deepEqual([down.status, down.stdout.at(-1)], [0, 'db: stopped']);
    assert.equal((await run.ended).status, 0);
  });

  test('RN-2 a run of which everything was stopped is there still, and starts again what it is asked for', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'web' });
    await run.event('service.completed', { service: 'seed' });
    assert.equal((await ask(t, run, 'stop', 'db')).status, 0);
    assert.equal(await stateOf(t, run), 'db stopped#1, api stopped#1, web stopped#1, seed completed#1');
    assert.equal((await ask(t, run, 'start', 'web')).status, 0);
    assert.equal(await stateOf(t, run), 'db ready#2, api ready#2, web ready#2, seed completed#1');
    assert.equal((await ask(t, run, 'stop', 'db')).status, 0);
    run.signal('SIGTERM');
    const { events, status } = await run.ended;
    assert.deepEqual([events.at(-1)?.type, status], ['run.finished', 143]);
  });

  test('without a configuration each line of what to do is a line', async (t) => {
    const { stderr, status } = await runOrderly(t, { args: ['ps', '-f', 'nothing.yaml'] }).ended;
    assert.equal(status, 2);
    assert.match(
      stderr[0] ?? '',
      /^orderly: Cannot read the configuration ".*nothing\.yaml": there is no such file$/,
    );
    assert.deepEqual(stderr.slice(1), ['  Name a file that can be read with -f FILE']);
  });

  test('RQ-5 what is not there is refused with status 2 and the nearest name, and nothing is changed', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'web' });
    for (const args of [
      ['restart', 'wbe'],
      ['stop', 'web', 'wbe'],
      ['why', 'wbe'],
      ['logs', 'wbe'],
      ['ps', 'wbe'],
      ['signal', 'web', 'NOPE'],
      ['scale', 'web'],
    ]) {
      const { status, stderr, stdout } = await ask(t, run, ...args);
      assert.equal(status === 0 ? 'done' : 'not done', 'not done', args.join(' '));
      assert.deepEqual(stdout, []);
      assert.match(stderr.join('\n'), /wbe|NOPE|web=3/);
    }
    const { stderr } = await ask(t, run, 'restart', 'wbe');
    assert.match(stderr[0] ?? '', /^orderly: Cannot restart: there is no service "wbe"/);
    assert.equal((await ask(t, run, 'down')).status, 0);
    const { events } = await run.ended;
    assert.ok(!events.some(({ type }) => type === 'service.wanted'));
  });

  test('RQ-6 --dry-run shows what would be done, and nothing is', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'web' });
    const { stdout } = await ask(t, run, 'stop', 'db', '--dry-run');
    assert.deepEqual(stdout.slice(0, 3), ['stop web, along with db', 'stop api, along with db', 'stop db']);
    assert.match(stdout[3] ?? '', /^at most /);
    await ask(t, run, 'down');
    const { events } = await run.ended;
    assert.ok(!events.some(({ type }) => type.startsWith('request.')));
  });

  test('RQ-12 RQ-13 who waits no longer ends the waiting, never the request', async (t) => {
    const slow = 'services: { a: { command: exec sleep 1000, ready: { delay: 1200ms } } }';
    const run = runOrderly(t, { config: slow });
    await run.event('service.ready', { attempt: 1 });
    const accepted = await ask(t, run, 'restart', 'a', '--no-wait');
    assert.deepEqual([accepted.status, accepted.stdout], [0, ['r1: accepted']]);
    const late = await ask(t, run, 'restart', 'a', '--timeout', '200ms');
    assert.equal(late.status, 1);
    assert.match(late.stderr[0] ?? '', /not settled within 200 ms; r2 goes on/);
    const waiting = runOrderly(t, { args: ['wait', 'a', '--for', 'ready'], cwd: run.folder });
    await run.event('request.accepted', { kind: 'wait' });
    waiting.signal('SIGINT');
    const { status, stderr } = await waiting.ended;
    assert.equal(status, 130);
    assert.match(stderr[0] ?? '', /waits no longer; r3 goes on/);
    await run.event('request.settled', { request: 'r2', outcome: 'reached' });
    await ask(t, run, 'down');
    await run.ended;
  });

  test('RQ-16 without a run stop and down have nothing to do, ps shows nothing, everything else is refused', async (t) => {
    const folder = { config: shop };
    for (const [args, expected] of [
      [['ps'], 0],
      [['stop', 'db'], 0],
      [['down'], 0],
      [['restart', 'db'], 2],
      [['start', 'db'], 2],
      [['logs'], 2],
      [['why', 'db'], 2],
      [['health'], 1],
    ] as const) {
      const { status, stderr } = await runOrderly(t, { ...folder, args }).ended;
      assert.equal(status, expected, args.join(' '));
      assert.match(stderr.join('\n'), /run/);
      if (expected === 2) assert.match(stderr.join('\n'), /"orderly up"/);
    }
  });

  test('a failed restart is told with status 1, and why; it is contained', async (t) => {
    const config = `
services:
  api: { command: "test -e broken && exit 4; exec sleep 1000", ready: { delay: 300ms }, restart: { policy: "no" } }
  other: { command: exec sleep 1000 }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'api' });
    await runOrderly(t, { instead: ['touch', 'broken'], cwd: run.folder }).ended;
    const { status, stdout, stderr } = await ask(t, run, 'restart', 'api');
    assert.equal(status, 1);
    assert.match([...stdout, ...stderr].join('\n'), /api: failed: .*exited with code 4/);
    assert.match(await stateOf(t, run), /^api failed#2, other ready#1$/);
    await ask(t, run, 'down');
    await run.ended;
  });

  test('why tells the chain to its root: a delay, its cause with the last line, what waits for it, what would help', async (t) => {
    const run = runOrderly(t, { config: failing });
    await run.event('service.backoff', { service: 'api' });
    const { stdout } = await ask(t, run, 'why', 'web');
    const told = stdout.join('\n');
    assert.match(
      told,
      /^web is pending, for .*: waits for api to be ready \(backoff\)\n {2}api waits to be started again, for .*: it exited with code 3 after/,
    );
    assert.match(told, /\n {4}its last line: what a pity\n/);
    assert.match(
      (await ask(t, run, 'why', 'api')).stdout.join('\n'),
      /next: it starts again in .*, restart 1 of 5\ntry: orderly start api/,
    );
    assert.match(
      (await ask(t, run, 'ps')).stdout.join('\n'),
      /api +backoff .* 1 +starts again in .*exited with code 3/,
    );
    assert.equal((await ask(t, run, 'health')).status, 1);
    assert.equal((await ask(t, run, 'health', '--live')).status, 0);
    await ask(t, run, 'down');
    await run.ended;
  });

  test('logs shows what was written, and follows it over a restart', async (t) => {
    const run = runOrderly(t, { config: shop.replace('db is up', 'db is up $ORDERLY_ATTEMPT') });
    await run.event('service.ready', { service: 'web' });
    assert.deepEqual((await ask(t, run, 'logs', 'api')).stdout, ['api is up']);
    assert.deepEqual((await ask(t, run, 'logs', '--grep', 'db')).stdout, ['db | db is up 1']);
    const [line = ''] = (await ask(t, run, 'logs', '--json', 'api')).stdout;
    const { time } = JSON.parse(line) as { readonly time: string };
    const here = `${new Date(time).toTimeString().slice(0, 8)}${time.slice(19, 23)}`;
    assert.deepEqual((await ask(t, run, 'logs', '-t', 'api')).stdout, [`${here} api is up`]);
    const following = runOrderly(t, { args: ['logs', '-f', 'api', 'db'], cwd: run.folder });
    await following.line(/^api \| api is up$/);
    await ask(t, run, 'restart', 'db');
    await following.line(/^db \| db is up 2$/);
    following.signal('SIGINT');
    const { status, stdout } = await following.ended;
    assert.deepEqual([status, stdout], [130, ['db | db is up 1', 'api | api is up', 'db | db is up 2']]);
    await ask(t, run, 'down');
    await run.ended;
  });

  test('events are those of the run, and end with it', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'web' });
    const following = runOrderly(t, { args: ['events', '-f'], cwd: run.folder });
    await following.event('service.ready', { service: 'web' });
    await ask(t, run, 'down');
    const { events } = await run.ended;
    const { status, stdout } = await following.ended;
    assert.equal(status, 0);
    const own = events.filter(({ type }) => type !== 'log');
    assert.deepEqual(
      stdout.map((line) => (JSON.parse(line) as { type: string }).type),
      own.map(({ type }) => type),
    );
  });

  test('down --now kills what does not obey, in order, and cleans up; its status tells', async (t) => {
    const config = `
services:
  db: { command: "trap '' TERM; echo deaf; while :; do sleep 1; done", ready: { log: deaf }, cleanup: [echo db is clean] }
  api: { command: exec sleep 1000, depends_on: [db] }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'api' });
    const { status, stdout } = await ask(t, run, 'down', '--now');
    assert.equal(status, 3);
    assert.ok(stdout.some((line) => line.startsWith('db: killed')));
    const end = await run.ended;
    assert.equal(end.status, 3);
    assert.ok(end.events.some((event) => event.type === 'log' && event.text === 'db is clean'));
  });
});

suite('the control socket', { concurrency: 3, timeout: 60_000 }, () => {
  test('is private, goes with its run, and is not there with --no-control', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'web' });
    const socket = await socketOf(run);
    assert.equal(statSync(socket).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(socket)).mode & 0o777, 0o700);
    await ask(t, run, 'down');
    await run.ended;
    assert.throws(() => readdirSync(dirname(socket)), /ENOENT/);
    const mute = runOrderly(t, { config: shop, args: ['up', '--output', 'json', '--no-control'] });
    await mute.event('service.ready', { service: 'web' });
    const { status, stderr } = await ask(t, mute, 'ps');
    assert.equal(status, 1);
    assert.match(stderr[0] ?? '', /gives no answer: .*--no-control/);
    mute.signal('SIGTERM');
    await mute.ended;
  });

  test('G9: garbage, half a request, a huge body and a client that never reads change nothing', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'web' });
    const socket = await socketOf(run);
    const huge = 300 * 1024;
    for (const text of [
      '\u0000\u0001 garbage\r\n\r\n',
      'GET /v1/services HTTP/1.1\r\nHost: x\r\n',
      `POST /v1/requests HTTP/1.1\r\nHost: x\r\nContent-Length: ${huge}\r\n\r\n${'x'.repeat(huge)}`,
      'POST /v1/requests HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"kind":1',
      'GET /v1/events?follow&since=-1 HTTP/1.1\r\nHost: x\r\n\r\n',
      'GET /v1/events?follow HTTP/1.1\r\nHost: x\r\n\r\n',
      'DELETE /v1/services HTTP/1.1\r\nHost: x\r\n\r\n',
      'GET /v1/services/%ff/why HTTP/1.1\r\nHost: x\r\n\r\n',
    ]) {
      const client = connect(socket);
      client.on('error', () => undefined);
      t.after(() => client.destroy());
      client.write(text);
    }
    assert.equal(await stateOf(t, run), 'db ready#1, api ready#1, web ready#1, seed completed#1');
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });
});

suite('a configuration that is read again', { concurrency: 3, timeout: 60_000 }, () => {
  const first = `
services:
  db: { command: exec sleep 1000 }
  api: { command: "echo one; exec sleep 1000", depends_on: [db], ready: { delay: 100ms } }
`;
  const second = `
services:
  db: { command: exec sleep 1000, stop: { grace: 3s } }
  api: { command: "echo two; exec sleep 1000", depends_on: [db], ready: { delay: 100ms } }
  mail: { command: "echo mailing; exec sleep 1000", log: { file: mail.log } }
`;
  const broken = second.replace('echo two', 'exit 9');

  /** The file of a run is this from now on. */
  const write = (run: OrderlyRun, text: string): void =>
    writeFileSync(join(run.folder, 'supervisor.yaml'), text);

  test('RL-4 RL-6 RL-12 RL-15 what is different is changed, and nothing else', async (t) => {
    const run = runOrderly(t, { config: first });
    await run.event('service.ready', { service: 'api' });
    assert.deepEqual((await ask(t, run, 'reload')).stdout, ['nothing to do: it is so already']);
    write(run, second);
    const { stdout: plan } = await ask(t, run, 'reload', '--dry-run');
    assert.deepEqual(plan.slice(0, 3), ['restart api (command)', 'add mail', 'redefine db (stop)']);
    const { status, stdout } = await ask(t, run, 'reload');
    assert.deepEqual([status, stdout], [0, ['api: changed', 'mail: added', 'db: changed']]);
    assert.equal(await stateOf(t, run), 'db ready#1, api ready#2, mail ready#1');
    assert.equal(readFileSync(join(run.folder, 'mail.log'), 'utf8'), 'mailing\n');
    assert.deepEqual((await ask(t, run, 'logs', 'api')).stdout, ['one', 'two']);
    await ask(t, run, 'down');
    await run.ended;
  });

  test('RL-20 RL-23 one whose service does not come up is taken back, and says so', async (t) => {
    const run = runOrderly(t, { config: first });
    await run.event('service.ready', { service: 'api' });
    write(run, broken);
    const { status, stdout, stderr } = await ask(t, run, 'reload');
    assert.deepEqual([status, stdout], [1, []]);
    assert.match(stderr[0] ?? '', /"api" exited with code 9 .*rolled back/);
    assert.equal(await stateOf(t, run), 'db ready#1, api ready#3');
    assert.equal((await ask(t, run, 'logs', 'api')).stdout.at(-1), 'one');
    write(run, first);
    await ask(t, run, 'down');
    await run.ended;
  });

  test('RL-1 G10 one that is wrong is refused with every place, and nothing is touched', async (t) => {
    const run = runOrderly(t, { config: first });
    await run.event('service.ready', { service: 'api' });
    for (const [text, places] of [
      [
        first.replace('depends_on', 'dependz_on').replace('delay: 100ms', 'delay: soon'),
        [/dependz_on/, /soon/],
      ],
      [first.replace('[db]', '[dbb]'), [/"dbb"/]],
      [
        `${first}  api2: { command: exec sleep 9, log: { file: supervisor.yaml/x.log } }\n`,
        [/supervisor\.yaml\/x\.log/],
      ],
      ['services: [', [/supervisor\.yaml:/]],
    ] as const) {
      write(run, text);
      const { status, stderr } = await ask(t, run, 'reload');
      assert.equal(status, 2);
      for (const place of places) assert.match(stderr.join('\n'), place);
    }
    rmSync(join(run.folder, 'supervisor.yaml'));
    assert.equal((await ask(t, run, 'reload', '-f', 'supervisor.yaml')).status, 2);
    write(run, first);
    assert.equal(await stateOf(t, run), 'db ready#1, api ready#1');
    await ask(t, run, 'down');
    const { events } = await run.ended;
    assert.ok(!events.some(({ type }) => type === 'graph.changed'));
  });
});
