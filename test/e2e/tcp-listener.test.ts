/**
 * `up --listen`: the API of a run at a port of this machine, to whoever knows the token, and to nobody else; both go
 * with the run.
 */
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { suite, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { RunAnswer, ServicesAnswer } from '../../src/control/protocol.ts';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { readApiDocument } from '../support/api-document.ts';
import { questionsOf } from '../support/api-questions.ts';
import { askSocket, type RawAnswer, type RawQuestion } from '../support/ask-socket.ts';
import { assertAsyncProperty } from '../support/assert-property.ts';
import { claimsOn } from '../support/claims-on.ts';
import { ask, exchange, get, hold, socketOf, stateOf } from '../support/control-client.ts';
import { findMarked } from '../support/marked-processes.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

const shop = `
services:
  db: { command: "env; exec sleep 1000" }
  api: { command: exec sleep 1000, depends_on: [db] }
`;

const JSON_UP = ['up', '--output', 'json'];

interface OpenRun {
  readonly run: OrderlyRun;
  readonly place: { readonly host: string; readonly port: number };
  readonly tokenFile: string;
  readonly token: string;
  ask(question: RawQuestion): Promise<RawAnswer>;
}

/** A run that lets clients in, when all of it is ready. */
async function openRun(
  t: TestContext,
  { args = [], env = {}, mayLeaveProcesses = false }: Partial<Parameters<typeof runOrderly>[1]> = {},
): Promise<OpenRun> {
  const listen = [...JSON_UP, '--listen', '127.0.0.1:0', ...args];
  const run = runOrderly(t, { config: shop, args: listen, env, mayLeaveProcesses });
  const listener = await listenerOf(run);
  await run.event('service.ready', { service: 'api' });
  return listener;
}

async function listenerOf(run: OrderlyRun): Promise<OpenRun> {
  const isTold = /^clients are let in at http:\/\/127\.0\.0\.1:(\d+) with the token in (\/.*)$/;
  const { text } = (await run.event(
    (event) => event.type === 'run.note' && isTold.test(event.text),
  )) as OrderlyEvent & { readonly type: 'run.note' };
  const [, port, tokenFile = ''] = isTold.exec(text) ?? [];
  const place = { host: '127.0.0.1', port: Number(port) };
  const token = readFileSync(tokenFile, 'utf8').trim();
  const authorization = `Bearer ${token}`;
  return {
    ...{ run, place, tokenFile, token },
    ask: async ({ headers, ...question }) =>
      (await askSocket(place, { ...question, headers: { authorization, ...headers } }))!,
  };
}

/** The events to come, which it is being told. */
function follow({ place, token }: OpenRun): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    httpGet({ ...place, path: '/v1/events?follow', headers, agent: false }, resolve).on('error', reject);
  });
}

/** Who listens there gets the port: nobody else has it. */
async function isFree({ host, port }: OpenRun['place']): Promise<boolean> {
  const server = createServer();
  const isBound = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ host, port }, () => resolve(true));
  });
  server.close();
  return isBound;
}

suite('a run that listens at a port', { concurrency: 2, timeout: 60_000 }, () => {
  test('serves what its socket serves to whoever knows the token, which is told nowhere; both go with it', async (t) => {
    const listener = await openRun(t, { args: ['--record', 'record.jsonl'] });
    const { run, place, token, tokenFile } = listener;
    const { mode, uid } = statSync(tokenFile);
    assert.deepEqual([mode & 0o777, uid], [0o600, process.getuid?.()]);
    assert.equal(statSync(dirname(tokenFile)).mode & 0o777, 0o700);
    const about = JSON.parse((await listener.ask({ method: 'GET', target: '/v1/run' })).text) as RunAnswer;
    assert.deepEqual(about.listen, { url: `http://127.0.0.1:${place.port}`, token_file: tokenFile });
    const services = JSON.parse((await listener.ask({ method: 'GET', target: '/v1/services' })).text);
    const over = await exchange(await socketOf(run), get('/v1/services'));
    assert.deepEqual(
      (services as ServicesAnswer).services,
      (JSON.parse(over.slice(over.indexOf('\r\n\r\n'))) as ServicesAnswer).services,
    );
    const body = JSON.stringify({ kind: 'stop', names: ['api'] });
    const accepted = await listener.ask({ method: 'POST', target: '/v1/requests', body });
    assert.equal(accepted.status, 202);
    await run.event('request.settled', { outcome: 'reached' });
    const following = await follow(listener);
    for (const { pid } of findMarked(`ORDERLY_RUN=${run.pid}-`))
      assert.ok(!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(token), `${pid}`);
    assert.ok(!readFileSync(`/proc/${run.pid}/cmdline`, 'latin1').includes(token));
    run.signal('SIGTERM');
    assert.match(await textOf(following), /"run\.finished"[^\n]*\n$/);
    const { status, stdout, stderr } = await run.ended;
    assert.equal(status, 143);
    const record = readFileSync(join(run.folder, 'record.jsonl'), 'utf8');
    for (const text of [...stdout, ...stderr, record]) assert.ok(!text.includes(token));
    assert.ok(record.includes(tokenFile));
    assert.equal(existsSync(dirname(tokenFile)), false);
    assert.ok(await isFree(place));
  });

  test('without being asked there is no port', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'api' });
    await socketOf(run);
    const inodes = readdirSync(`/proc/${run.pid}/fd`).flatMap((fd) => {
      const stats = statSync(`/proc/${run.pid}/fd/${fd}`, { throwIfNoEntry: false });
      return stats?.isSocket() === true ? [String(stats.ino)] : [];
    });
    const listening = ['tcp', 'tcp6'].flatMap((table) =>
      readFileSync(`/proc/net/${table}`, 'latin1')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([, , , state, ...rest]) => state === '0A' && inodes.includes(rest[5] ?? '')),
    );
    assert.deepEqual(listening, []);
    run.signal('SIGTERM');
    await run.ended;
  });

  test('G9: whoever takes all places of the port shuts out nobody at the socket, and no signal', async (t) => {
    const { run, place, ask: asked } = await openRun(t);
    const half = `GET /v1/services HTTP/1.1\r\nHost: 127.0.0.1:${place.port}\r\n`;
    const clients = await Promise.all(Array.from({ length: 256 }, () => hold(t, place, half)));
    assert.match(await exchange(place, get('/livez')), /^HTTP\/1\.1 503 .*"run":"".*too many clients/s);
    assert.equal(await stateOf(t, run), 'db ready#1, api ready#1');
    // Half a request is cut off in the end, and then there is room again.
    await Promise.all(
      clients.map((client) => new Promise((resolve) => client.on('close', resolve).resume())),
    );
    assert.equal((await asked({ method: 'GET', target: '/livez' })).status, 200);
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });

  test('G9 RQ-2 any question at all is answered to whoever knows the token, and refused to anybody else; none does harm', async (t) => {
    const listener = await openRun(t);
    const { run, place } = listener;
    const described = await listener.ask({ method: 'GET', target: '/v1/openapi.json' });
    const document = readApiDocument(described.text);
    const looked = async () => {
      const answer = await listener.ask({ method: 'GET', target: '/v1/services' });
      const { seq, services } = JSON.parse(answer.text) as ServicesAnswer;
      return { seq, services };
    };
    const before = await looked();
    const questions = questionsOf(document, { services: ['db', 'api'], isHarmless: true });
    const forged = fc.constantFrom<Record<string, string>>(
      {},
      { authorization: 'Bearer x' },
      { authorization: `Bearer ${listener.token.slice(1)}` },
      { authorization: `Basic ${listener.token}` },
      { authorization: `Bearer ${listener.token}`, origin: 'http://evil.example' },
      { authorization: `Bearer ${listener.token}`, host: `evil.example:${place.port}` },
    );
    let refusals = 0;
    await assertAsyncProperty(
      fc.asyncProperty(questions, forged, async ({ question, isWrong }, headers) => {
        const refused = await askSocket(place, { ...question, leaves: undefined, headers }).catch(
          () => undefined,
        );
        const isProbe = question.method === 'GET' && /^\/(?:live|ready)z$/.test(question.target);
        const isForeign = 'origin' in headers || 'host' in headers || !isOwnTarget(question.target);
        if (refused !== undefined) refusals++;
        if (refused !== undefined)
          assert.equal(refused.status, isForeign ? 403 : isProbe ? 200 : 401, JSON.stringify(question));
        const status = (await listener.ask(question))?.status ?? 0;
        if (isWrong)
          assert.ok(status >= 400 && status !== 409 && status < 500, `${status} for what is wrong`);
      }),
      { numRuns: 600, interruptAfterTimeLimit: 4_000 },
    );
    assert.ok(refusals > 0);
    const after = await looked();
    assert.deepEqual(after.services, before.services);
    const target = `/v1/events?since=${before.seq}`;
    const since = (await listener.ask({ method: 'GET', target })).text.split('\n').slice(0, -1);
    const types = since.map((line) => (JSON.parse(line) as OrderlyEvent).type);
    assert.deepEqual(
      types.filter((type) => type !== 'request.refused'),
      [],
    );
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });

  test("a token of one's own is taken from a file, which stays", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'orderly-token-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'token');
    const token = 'of-my-own-and-long-enough';
    writeFileSync(file, `${token}\n`, { mode: 0o600 });
    const listener = await openRun(t, { args: ['--token-file', file] });
    assert.deepEqual([listener.token, listener.tokenFile], [token, file]);
    assert.equal((await listener.ask({ method: 'GET', target: '/v1/run' })).status, 200);
    const again = await ask(t, listener.run, 'up', '-d', '--listen', '127.0.0.1:0', '--token-file', file);
    assert.equal(again.status, 0, again.stderr.join());
    assert.ok(!readdirSync(dirname(await socketOf(listener.run))).some((name) => name.endsWith('.token')));
    listener.run.signal('SIGTERM');
    await listener.run.ended;
    assert.equal(readFileSync(file, 'utf8'), `${token}\n`);
  });
});

suite('a port that can not be had', { concurrency: 2, timeout: 60_000 }, () => {
  test('G10: what others could reach or read, or makes no sense, is refused, and nothing is started', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'orderly-token-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'token');
    writeFileSync(file, 'x'.repeat(40));
    chmodSync(file, 0o644);
    for (const [args, why] of [
      [['--listen', '0.0.0.0:0'], /^orderly: Cannot listen at "0\.0\.0\.0:0": only this machine.*ssh tunnel/],
      [['--listen', '8080'], /^orderly: Cannot listen at "8080": it is no address with a port/],
      [
        ['--listen', '127.0.0.1:0', '--token-file', file],
        /^orderly: Cannot take the token .*others can read it/,
      ],
      [['--listen', '127.0.0.1:0', '--token-file', 'none'], /Cannot take the token from ".*none": ENOENT/],
      [['--listen', '127.0.0.1:0', '--no-control'], /--no-control lets in none/],
      [['--token-file', file], /--token-file is for --listen/],
    ] as const)
      for (const more of [[], ['-d']]) {
        const run = runOrderly(t, { config: shop, args: [...JSON_UP, ...args, ...more] });
        const { status, stderr, stdout, events } = await run.ended;
        assert.deepEqual([status, stdout, events], [2, [], []], `${args}: ${stderr}`);
        assert.match(stderr[0] ?? '', why);
      }
  });

  test('G10: one that somebody has is told with who has it, nothing is started, and nothing of it stays', async (t) => {
    const server = createServer();
    t.after(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const listen = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const args = [...JSON_UP, '--listen', listen, '--record', 'record.jsonl'];
    const run = runOrderly(t, { config: shop, args });
    const { status, stderr, events } = await run.ended;
    assert.deepEqual([status, events], [2, []]);
    const [told = ''] = stderr;
    assert.ok(told.startsWith(`orderly: Cannot listen at ${listen}: process ${process.pid} (`), told);
    assert.match(told, /listens there already; end that, or name another port/);
    assert.equal(existsSync(join(run.folder, 'record.jsonl')), false);
    assert.deepEqual(claimsOn(run), []);
  });

  test('where the project runs already nobody is told that there is a port', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'api' });
    for (const more of [[], ['-d']]) {
      const { status, stderr } = await ask(t, run, 'up', '--listen', '127.0.0.1:0', ...more);
      assert.equal(status, 2);
      assert.match(
        stderr[0] ?? '',
        /the project runs already \(pid \d+\), and only its own start can open a port/,
      );
    }
    assert.equal(await stateOf(t, run), 'db ready#1, api ready#1');
    run.signal('SIGTERM');
    await run.ended;
  });

  test('G6: after SIGKILL the port is free at once, and the next run of any project takes the token away', async (t) => {
    // Where the runs of other tests don't look: any of them would take it away.
    const runtime = mkdtempSync(join(tmpdir(), 'orderly-runtime-'));
    t.after(() => rmSync(runtime, { recursive: true, force: true }));
    const env = { XDG_RUNTIME_DIR: runtime };
    const own = await openRun(t, { mayLeaveProcesses: true, env });
    const other = await openRun(t, { mayLeaveProcesses: true, env });
    for (const { run, place, tokenFile } of [own, other]) {
      run.signal('SIGKILL');
      await run.ended;
      assert.ok(await isFree(place));
      assert.ok(existsSync(tokenFile));
      await until(() => findMarked(`ORDERLY_RUN=${run.pid}-`).length === 0);
    }
    const next = runOrderly(t, { args: [...JSON_UP, '--listen', '127.0.0.1:0'], cwd: own.run.folder, env });
    const listener = await listenerOf(next);
    assert.equal(existsSync(own.tokenFile), false);
    assert.notEqual(listener.token, own.token);
    await until(() => !existsSync(other.tokenFile));
    next.signal('SIGTERM');
    assert.equal((await next.ended).status, 143);
    assert.equal(existsSync(listener.tokenFile), false);
  });

  test('in the background it is told where it is, and goes with "down"', async (t) => {
    const first = runOrderly(t, { args: ['check'], config: shop });
    await first.ended;
    const cwd = first.folder;
    const env = { XDG_STATE_HOME: join(cwd, 'state') };
    const args = ['up', '-d', '--listen', 'localhost:0'];
    const { status, stdout, stderr } = await runOrderly(t, { args, cwd, env, mayLeaveProcesses: true }).ended;
    const told = [...stdout, ...stderr].join('\n');
    assert.equal(status, 0, told);
    const [, port, file = ''] =
      /let in at http:\/\/127\.0\.0\.1:(\d+) with the token in (\S+)/.exec(told) ?? [];
    const headers = { authorization: `Bearer ${readFileSync(file, 'utf8').trim()}` };
    const upAgain = (...more: readonly string[]) =>
      runOrderly(t, { args: ['up', '-d', ...more], cwd, env }).ended;
    for (const same of ['localhost:0', '127.0.0.1:0', `127.0.0.1:${port}`])
      assert.equal((await upAgain('--listen', same)).status, 0, same);
    writeFileSync(join(cwd, 'token'), 'x'.repeat(40), { mode: 0o600 });
    for (const other of [['127.0.0.2:0'], ['127.0.0.1:1'], ['localhost:0', '--token-file', 'token']])
      assert.equal((await upAgain('--listen', ...other)).status, 2, other.join(' '));
    const place = { host: '127.0.0.1', port: Number(port) };
    assert.equal((await askSocket(place, { method: 'GET', target: '/readyz', headers }))?.text, 'ok\n');
    assert.equal((await runOrderly(t, { args: ['down'], cwd, env }).ended).status, 0);
    // The run has told its end, and is about to end.
    await until(() => !existsSync(file));
  });
});

/** A whole address names its server. */
function isOwnTarget(target: string): boolean {
  return !/^[a-z]+:\/\//.test(target);
}
