/**
 * What clients of the control socket can do wrong, and what can go wrong around them: each hears it clearly, and what runs is
 * untouched.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { parseUnixSockets } from '../../src/process/sockets/unix-sockets.ts';
import {
  ask,
  askAndHear,
  exchange,
  get,
  hold,
  post,
  requested,
  socketOf,
  stateOf,
} from '../support/control-client.ts';
import { findMarked } from '../support/marked-processes.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

const shop = `
services:
  db: { command: exec sleep 1000 }
  api: { command: exec sleep 1000, depends_on: [db] }
`;
const UNTOUCHED = 'db ready#1, api ready#1';

/** The command of what stops only when that file is there. */
const untilThere = (file: string): string =>
  `"trap 'until [ -e ${file} ]; do sleep 0.05; done; exit 0' TERM; echo up; while :; do sleep 0.1; done", ready: { log: up }, stop: { grace: 50s }`;

const slow = `
shutdown: { budget: 55s }
services:
  db: { command: ${untilThere('go')} }
  api: { command: exec sleep 1000, depends_on: [db] }
`;

const NOBODY = 65_534;
const asNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
const program = [...asNobody.slice(1), process.execPath, orderlyBin, '--version'];
const noOtherUser = spawnSync('setpriv', program).status === 0 ? false : 'nobody else may run the program';

async function upAndReady(t: TestContext, config = shop): Promise<{ run: OrderlyRun; socket: string }> {
  const run = runOrderly(t, { config });
  await run.event('service.ready', { service: 'api' });
  return { run, socket: await socketOf(run) };
}

/** As it was when it began; and a signal is obeyed. */
async function assertUntouched(t: TestContext, run: OrderlyRun): Promise<void> {
  assert.equal(await stateOf(t, run), UNTOUCHED);
  run.signal('SIGTERM');
  const { status, events } = await run.ended;
  assert.equal(status, 143);
  assert.ok(!events.some(({ type }) => type === 'service.wanted'));
}

/** How many clients the run has accepted at its socket, which are not closed on its side. */
function clientsOf(socket: string): number {
  const named = parseUnixSockets(readFileSync('/proc/net/unix', 'utf8')).filter(
    ({ path }) => path === socket,
  );
  return named.filter(({ isListening }) => !isListening).length;
}

function memoryMib(pid: number): number {
  const [, kib = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

suite('faulty clients', { concurrency: 2, timeout: 60_000 }, () => {
  test('G9: garbage, no path, a wrong method, no JSON, a huge body: each hears what is wrong', async (t) => {
    const { run, socket } = await upAndReady(t);
    const huge = JSON.stringify({ kind: 'start', names: ['x'.repeat(3 * 1024 * 1024)] });
    for (const [text, answer] of [
      ['\u0000\u0001 garbage\r\n\r\n', /^HTTP\/1\.1 400 .*"that is no HTTP request"/s],
      ['GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n', /^HTTP\/1\.1 400 /],
      [`GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, /^HTTP\/1\.1 400 /],
      [get('//'), /^HTTP\/1\.1 404 .*"there is nothing at \/\/"/s],
      [get('/v2'), /^HTTP\/1\.1 404 .*"there is nothing at \/v2"/s],
      [get('/v1/services/%ff/why'), /^HTTP\/1\.1 404 /],
      ['DELETE /v1/services HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 405 .*takes GET"/s],
      [post('/v1/requests', '{"kind":1'), /^HTTP\/1\.1 400 .*"the body is no JSON, in UTF-8"/s],
      [post('/v1/requests', huge), /^HTTP\/1\.1 413 .*larger than 262144 bytes"/s],
      [post('/v1/requests', ''), /^HTTP\/1\.1 400 .*must be a JSON object"/s],
      [post('/v1/requests', '{"kind":"halt"}'), /^HTTP\/1\.1 400 .*\\"kind\\" must be one of/s],
      [post('/v1/plan', '[]'), /^HTTP\/1\.1 400 .*must be a JSON object"/s],
      [post('/v1/down', '"now"'), /^HTTP\/1\.1 400 .*must be a JSON object"/s],
      [post('/v1/down', '{"nwo":true}'), /^HTTP\/1\.1 400 .*\\"nwo\\" means nothing for down/s],
      [get('/v1/events?since=-1'), /^HTTP\/1\.1 400 /],
      [get('/v1/logs?name=nobody'), /^HTTP\/1\.1 404 .*there is no service \\"nobody\\"/s],
      [get('/v1/logs?tail=all'), /^HTTP\/1\.1 400 /],
      [get('/v1/requests/r9?wait'), /^HTTP\/1\.1 404 .*there is no request \\"r9\\"/s],
    ] as const)
      assert.match(await exchange(socket, text), answer, text.slice(0, 60));
    await assertUntouched(t, run);
  });

  test('G9: clients that stop in the middle, or close there, hold nobody up, not even the end', async (t) => {
    const { run, socket } = await upAndReady(t);
    const half = post('/v1/requests', '{"kind":"stop","names":["db"]}').slice(0, -1);
    for (const text of ['', 'G', get('/v1/services').slice(0, -2), half]) {
      await hold(t, socket, text);
      const closing = await hold(t, socket, text);
      closing.destroy();
    }
    await assertUntouched(t, run);
  });

  test('G9: a body that has no end is cut off', async (t) => {
    const { run, socket } = await upAndReady(t);
    const head = 'POST /v1/requests HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n';
    assert.equal(await exchange(socket, `${head}${'x'.repeat(20 * 1024 * 1024)}`), '');
    await assertUntouched(t, run);
  });

  test('G9 JN-15: who follows events and never reads is cut off; who reads gets all of them, however many', async (t) => {
    const { run, socket } = await upAndReady(t);
    const stuck = await hold(t, socket, get('/v1/events?follow'));
    const names = Array.from({ length: 1_000 }, () => 'api');
    for (let count = 0; count < 400; count++)
      await requested(socket, { kind: 'wait', names, until: 'ready', id: `many-${count}` });
    const { stdout } = await ask(t, run, 'events');
    const told = stdout.map((line) => JSON.parse(line) as { seq?: number });
    assert.ok(stdout.join('\n').length > 2_000_000);
    assert.deepEqual(
      told.map(({ seq }) => seq),
      run.events.slice(0, told.length).map(({ seq }) => seq),
    );
    let read = '';
    stuck.setEncoding('utf8').on('data', (part: string) => {
      read += part;
    });
    const closed = new Promise((resolve) => stuck.on('close', resolve));
    stuck.resume();
    await closed;
    assert.match(read, /"run\.started"/);
    assert.doesNotMatch(read, /"many-199"/);
    await assertUntouched(t, run);
  });

  test('G9 JN-15: who follows a flood and never reads is cut off; memory is bounded, others and signals are served', async (t) => {
    const config = `
services:
  db: { command: exec sleep 1000 }
  flood: { command: "until [ -e go ]; do sleep 0.05; done; exec yes a line of a flood that has no end at all" }
`;
    // Nobody reads the lines here either: they go to /dev/null.
    const inside = ['sh', '-c', 'exec "$@" >/dev/null', 'sh'];
    const run = runOrderly(t, { config, inside });
    const socket = await socketOf(run);
    assert.equal((await ask(t, run, 'wait', 'flood')).status, 0);
    for (let count = 0; count < 20; count++) await hold(t, socket, get('/v1/logs?follow&tail=0'));
    await until(() => clientsOf(socket) === 20);
    writeFileSync(join(run.folder, 'go'), '');
    assert.equal(await stateOf(t, run), 'db ready#1, flood ready#1');
    await until(() => clientsOf(socket) === 0);
    assert.equal((await ask(t, run, 'logs', 'flood', '-n', '3')).stdout.length, 3);
    assert.ok(memoryMib(run.pid) < 300, `${memoryMib(run.pid)} MiB`);
    assert.equal((await ask(t, run, 'restart', 'db')).status, 0);
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });

  test('G9 RQ-12: who stops in the middle of a request is cut off in the end; who waits for a slow one is not', async (t) => {
    const config = `
services:
  db: { command: exec sleep 1000 }
  api: { command: exec sleep 1000, ready: { delay: 12s } }
`;
    const run = runOrderly(t, { config });
    await run.event('service.starting', { service: 'api' });
    const socket = await socketOf(run);
    const half = exchange(socket, get('/v1/services').slice(0, -2));
    const waiting = ask(t, run, 'wait', 'api');
    const following = runOrderly(t, { args: ['events', '-f'], cwd: run.folder });
    assert.equal(await half, '');
    const { status, stdout } = await waiting;
    assert.deepEqual([status, stdout], [0, ['api: so it is']]);
    await following.event('request.settled');
    await assertUntouched(t, run);
    assert.equal((await following.ended).status, 0);
  });

  test('G9: a hundred clients at once are all answered', async (t) => {
    const { run, socket } = await upAndReady(t);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        index % 2 === 0
          ? exchange(socket, get('/v1/services'))
          : exchange(socket, post('/v1/plan', '{"kind":"stop","names":["db"]}')),
      ),
    );
    for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 200 /);
    await assertUntouched(t, run);
  });

  test('G9: one client too many hears that, and a signal is obeyed', async (t) => {
    const { run, socket } = await upAndReady(t);
    const streams = await Promise.all(
      Array.from({ length: 256 }, () => hold(t, socket, get('/v1/events?follow'))),
    );
    assert.match(await exchange(socket, get('/v1/run')), /^HTTP\/1\.1 503 .*too many clients/s);
    const { status, stderr } = await ask(t, run, 'ps');
    assert.equal(status, 1);
    assert.match(stderr[0] ?? '', /^orderly: too many clients ask at the same time/);
    const following = await ask(t, run, 'logs', '-f');
    assert.equal(following.status, 1);
    assert.match(following.stderr[0] ?? '', /too many clients ask at the same time/);
    await until(() => clientsOf(socket) === 256);
    streams[0]?.destroy();
    await until(() => clientsOf(socket) === 255);
    assert.match(await exchange(socket, get('/livez')), /^HTTP\/1\.1 200 /);
    await assertUntouched(t, run);
  });
});

suite('a socket that is not what it was', { concurrency: 2, timeout: 60_000 }, () => {
  test('G9: where it is gone, or another file is in its place, that is told; signals still end the run', async (t) => {
    const { run, socket } = await upAndReady(t);
    for (const put of [() => rmSync(socket), () => writeFileSync(socket, 'no socket')]) {
      put();
      for (const args of [['ps'], ['stop', 'api'], ['down'], ['logs', '-f'], ['health']]) {
        const { status, stderr, stdout } = await ask(t, run, ...args);
        assert.deepEqual([status, stdout], [1, []], args.join(' '));
        assert.match(stderr[0] ?? '', /^orderly: The run \(pid \d+\) gives no answer: it listens nowhere/);
      }
    }
    run.signal('SIGTERM');
    const { status, events } = await run.ended;
    assert.equal(status, 143);
    assert.ok(!events.some(({ type }) => type.startsWith('request.')));
    assert.equal(existsSync(dirname(socket)), false);
  });

  test('G9: what a stranger answers in its place is taken for nothing', async (t) => {
    const { run, socket } = await upAndReady(t);
    rmSync(socket);
    const ok = (type: string, body: string): string =>
      `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
    let answer: string | undefined;
    const stranger = createServer((client) => {
      client.on('error', () => undefined);
      client.once('data', () => (answer === undefined ? client.destroy() : client.end(answer)));
    });
    t.after(() => stranger.close());
    await new Promise<void>((resolve) => stranger.listen(socket, resolve));
    for (const [text, why] of [
      [undefined, /it broke off in the middle/],
      ['220 mail.example ESMTP\r\n', /what listens there is something else/],
      [ok('text/html', '<html>'), /what listens there is something else/],
      [ok('application/json', '{"run":"1-2-3-x","kind":"accepted"}'), /what listens there is something else/],
      [ok('application/json', '{}').slice(0, -1), /it broke off in the middle/],
    ] as const) {
      answer = text;
      for (const args of [['ps'], ['restart', 'db'], ['logs', '-f'], ['down']]) {
        const { status, stderr } = await ask(t, run, ...args);
        assert.equal(status, 1, `${args}: ${stderr}`);
        assert.match(
          stderr.join('\n'),
          args[0] === 'logs' && text?.startsWith('HTTP') ? /gives no answer/ : why,
        );
      }
    }
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });

  test('G9: without a permission on its folder that is told, and never that it does not run; signals end it', {
    skip: noOtherUser,
  }, async (t) => {
    const home = mkdtempSync(join(tmpdir(), 'orderly-nobody-'));
    t.after(() => rmSync(home, { recursive: true, force: true }));
    writeFileSync(join(home, 'supervisor.yaml'), shop);
    chownSync(home, NOBODY, NOBODY);
    const env = { XDG_RUNTIME_DIR: home, HOME: home };
    const run = runOrderly(t, { cwd: home, env, inside: asNobody });
    await run.event('service.ready', { service: 'api' });
    const nobodys = (command: string) =>
      runOrderly(t, { cwd: home, env, inside: asNobody, args: [command] }).ended;
    const [folder = ''] = readdirSync(join(home, 'orderly'));
    const path = join(home, 'orderly', folder);
    assert.equal((await nobodys('ps')).status, 0);
    chmodSync(path, 0);
    for (const command of ['ps', 'down', 'reload', 'health']) {
      const { status, stdout, stderr } = await nobodys(command);
      assert.deepEqual([status, stdout], [1, []], command);
      assert.match(stderr[0] ?? '', /^orderly: Cannot tell whether it runs: EACCES/);
    }
    chmodSync(path, 0o700);
    assert.equal((await nobodys('ps')).status, 0);
    chmodSync(path, 0);
    run.signal('SIGTERM');
    const { status, events } = await run.ended;
    assert.equal(status, 143);
    assert.ok(!events.some(({ type }) => type.startsWith('request.')));
  });
});

suite('commands at a bad moment', { concurrency: 2, timeout: 60_000 }, () => {
  test('RQ-17: during a shutdown what would start something is refused, what stops and looks is served', async (t) => {
    const { run, socket } = await upAndReady(
      t,
      `${slow}  web: { command: ${untilThere('go-web')}, depends_on: [api] }\n`,
    );
    await run.event('service.ready', { service: 'web' });
    const down = runOrderly(t, { args: ['down'], cwd: run.folder });
    await run.event('service.stopping', { service: 'web' });
    // A second one asks the same. It misses nothing once it hears the events, from its first look at the run on.
    const second = await askAndHear(t, run, 'down');
    assert.match(await exchange(socket, get('/livez')), /200 OK/);
    writeFileSync(join(run.folder, 'go-web'), '');
    await second.line(/web: stopped/);
    await run.event('service.stopping', { service: 'db' });
    for (const args of [['start', 'api'], ['restart', 'db'], ['reload'], ['scale', 'api=2']]) {
      const { status, stderr, stdout } = await ask(t, run, ...args);
      assert.deepEqual([status, stdout], [2, []], args.join(' '));
      assert.match(stderr[0] ?? '', /^orderly: Cannot \w+: everything goes down: asked to go down$/);
    }
    assert.equal(await stateOf(t, run), 'db stopping#1, api stopped#1, web stopped#1');
    assert.equal((await ask(t, run, 'stop', 'api')).status, 0);
    assert.equal((await ask(t, run, 'signal', 'api', 'usr1')).status, 1);
    const waited = await ask(t, run, 'wait', 'api');
    assert.deepEqual([waited.status, waited.stderr], [1, ['orderly: asked to go down']]);
    const { stdout: why } = await ask(t, run, 'why', 'db');
    assert.match(why[1] ?? '', /^ {2}everything goes down: asked to go down$/);
    assert.equal(why.at(-1), 'try: orderly down --now (kills what has not ended)');
    assert.match((await ask(t, run, 'health')).stdout.join(''), /everything goes down/);
    writeFileSync(join(run.folder, 'go'), '');
    assert.deepEqual([(await down.ended).status, (await second.ended).status], [0, 0]);
    assert.equal((await run.ended).status, 0);
  });

  test('SO-7 RN-2: what is starting can be started, signalled, restarted and stopped; with all of it stopped the run stays', async (t) => {
    const config = `
services:
  a: { command: "trap : USR1; while :; do sleep 0.05; done", ready: { file: never } }
  b: { command: exec sleep 1000, depends_on: [a] }
`;
    const run = runOrderly(t, { config });
    await run.event('service.starting', { service: 'a' });
    assert.deepEqual((await ask(t, run, 'start', 'a', '--no-wait')).status, 0);
    assert.equal(await stateOf(t, run), 'a starting#1, b pending#0');
    assert.equal((await ask(t, run, 'signal', 'a', 'usr1')).status, 0);
    assert.equal((await ask(t, run, 'signal', 'b', 'usr1')).status, 1);
    assert.equal((await ask(t, run, 'restart', 'a', '--no-wait')).status, 0);
    await run.event('service.starting', { service: 'a', attempt: 2 });
    const { stdout } = await ask(t, run, 'why', 'b');
    assert.match(stdout[0] ?? '', /^b is pending, for .*: waits for a to be ready \(starting\)$/);
    assert.deepEqual((await ask(t, run, 'stop', 'a')).stdout, ['a: stopped', 'b: stopped']);
    assert.equal(await stateOf(t, run), 'a stopped#2, b stopped#0');
    assert.equal((await ask(t, run, 'start', 'a', '--no-wait')).status, 0);
    await run.event('service.starting', { service: 'a', attempt: 3 });
    run.signal('SIGTERM');
    const { events } = await run.ended;
    for (const { request } of events.filter((event) => event.type === 'request.accepted'))
      assert.equal(
        events.filter((event) => event.type === 'request.settled' && event.request === request).length,
        1,
      );
  });

  test('RQ-11: the same id again is the same request, at the same moment and when it is over', async (t) => {
    const { run, socket } = await upAndReady(t);
    const body = { kind: 'restart', names: ['api'], id: 'deploy 1/ä' };
    const [first, second] = await Promise.all([requested(socket, body), requested(socket, body)]);
    assert.equal(first?.kind, 'accepted');
    assert.deepEqual(second, first);
    await run.event('request.settled', { request: 'deploy 1/ä', outcome: 'reached' });
    assert.deepEqual(await requested(socket, body), first);
    const answer = await exchange(socket, get(`/v1/requests/${encodeURIComponent('deploy 1/ä')}?wait`));
    assert.match(answer, /"kind":"settled","outcome":"reached"/);
    assert.equal(await stateOf(t, run), 'db ready#1, api ready#2');
    run.signal('SIGTERM');
    const { events } = await run.ended;
    assert.equal(events.filter(({ type }) => type === 'request.accepted').length, 1);
  });

  test('CC-1 CC-3 RQ-8: of two requests at once the later one counts, and each settles once', async (t) => {
    const { run, socket } = await upAndReady(t);
    const kinds = ['stop', 'start', 'restart', 'stop', 'restart', 'start', 'stop', 'start'];
    const answers = await Promise.all(
      kinds.map((kind, index) => requested(socket, { kind, names: ['api'], id: `${index}` })),
    );
    for (const { kind } of answers) assert.equal(kind, 'accepted');
    for (const { request } of answers) await run.event('request.settled', { request: request as string });
    const asked = run.events.filter((event) => event.type === 'request.accepted');
    const settled = run.events.filter((event) => event.type === 'request.settled');
    assert.equal(settled.length, kinds.length);
    const last = asked.at(-1)!;
    const state = (await stateOf(t, run)).replace(/#\d+$/, '');
    assert.equal(state, last.kind === 'stop' ? 'db ready#1, api stopped' : 'db ready#1, api ready');
    assert.equal((await ask(t, run, 'start', 'api')).status, 0);
    run.signal('SIGTERM');
    await run.ended;
  });

  test('RQ-5: names that are not there are refused with the nearest one', async (t) => {
    const { run, socket } = await upAndReady(t);
    for (const args of [
      ['start', 'apj'],
      ['stop', 'db', 'apj'],
      ['wait', 'apj'],
      ['signal', 'apj', 'HUP'],
      ['why', 'apj'],
      ['logs', 'apj'],
      ['ps', 'apj'],
    ]) {
      const { status, stderr, stdout } = await ask(t, run, ...args);
      assert.deepEqual([status, stdout], [2, []], args.join(' '));
      assert.match(stderr[0] ?? '', /there is no service "apj"; did you mean "api"\?$/, args.join(' '));
    }
    for (const name of ['__proto__', 'constructor', '\u0000', 'x'.repeat(190), '**'])
      assert.equal((await requested(socket, { kind: 'stop', names: [`no ${name}`] })).kind, 'refused');
    await assertUntouched(t, run);
  });

  test('CR-1 CR-2 CR-3 G6: SIGKILL in the middle of a request: its client says how far it was, the next run begins from its file', async (t) => {
    const run = runOrderly(t, { config: slow, mayLeaveProcesses: true });
    await run.event('service.ready', { service: 'api' });
    assert.equal((await ask(t, run, 'stop', 'api')).status, 0);
    const following = runOrderly(t, { args: ['logs', '-f'], cwd: run.folder });
    await following.line(/up/);
    const client = await askAndHear(t, run, 'restart', 'db');
    await run.event('service.stopping', { service: 'db' });
    // What was sent before this answer has arrived at the client.
    assert.match(await exchange(await socketOf(run), get('/livez')), /200 OK/);
    run.signal('SIGKILL');
    const told = await client.ended;
    assert.equal(told.status, 1);
    assert.match(
      told.stderr[1] ?? '',
      /^orderly: what came of r2 can't be told\. The run \(pid \d+\) gives no answer: it broke off in the middle; db was stopping$/,
    );
    assert.equal((await following.ended).status, 1);
    await run.ended;
    await until(() => findMarked(`ORDERLY_RUN=${run.pid}-`).length === 0);
    const next = runOrderly(t, { args: ['up', '--output', 'json'], cwd: run.folder });
    await next.event('service.ready', { service: 'api' });
    assert.equal(await stateOf(t, run), UNTOUCHED);
    writeFileSync(join(run.folder, 'go'), '');
    next.signal('SIGTERM');
    assert.equal((await next.ended).status, 143);
  });
});
