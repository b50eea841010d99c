import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createNetwork } from '../../../src/process/network/network.ts';
import { freePort } from '../../support/free-port.ts';
import { programPath } from '../../support/programs.ts';

const network = createNetwork();
const never = new AbortController().signal;

async function listen(t: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

const serve = async (t: TestContext, answer: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listen(t, createHttpServer(answer))}/`;

test('a connection that is accepted holds, and is closed again', async (t) => {
  let closed: Promise<void> | undefined;
  const server = createServer((socket) => {
    closed = new Promise((resolve) => socket.resume().on('close', () => resolve()));
  });
  const port = await listen(t, server);
  assert.deepEqual(await network.connect('127.0.0.1', port, never), {
    ok: true,
    detail: 'accepted a connection',
  });
  await closed;
});

test('nobody listening is told as refused', async () => {
  const port = await freePort();
  assert.deepEqual(await network.connect('127.0.0.1', port, never), {
    ok: false,
    detail: 'connection refused',
  });
  assert.deepEqual(await network.connect('localhost', port, never), {
    ok: false,
    detail: 'connection refused',
  });
});

for (const [status, wanted, ok] of [
  [200, undefined, true],
  [204, undefined, true],
  [302, undefined, true],
  [404, undefined, false],
  [503, undefined, false],
  [404, 404, true],
  [503, 'any', true],
  [404, [200, 404], true],
] as const) {
  test(`status ${status} ${ok ? 'holds' : 'does not hold'}${wanted === undefined ? '' : ` where ${wanted} is wanted`}`, async (t) => {
    const url = await serve(t, (_, response) => response.writeHead(status).end());
    assert.deepEqual(await network.get(url, {}, wanted, never), {
      ok,
      detail: `answered ${status}`,
      isAnswered: true,
    });
  });
}

test('another status than the one wanted is named', async (t) => {
  const url = await serve(t, (_, response) => response.end());
  assert.deepEqual(await network.get(url, {}, 201, never), {
    ok: false,
    detail: 'answered 200 instead of 201',
    isAnswered: true,
  });
  assert.deepEqual(await network.get(url, {}, [201, 404], never), {
    ok: false,
    detail: 'answered 200 instead of 201 or 404',
    isAnswered: true,
  });
});

test('a server that signed its certificate itself is believed only where that is asked for', async (t) => {
  const pem = readFileSync(programPath('self-signed.pem'));
  const server = createHttpsServer({ key: pem, cert: pem }, (_, response) => response.end());
  const url = `https://127.0.0.1:${await listen(t, server)}/`;
  const told = await network.get(url, {}, undefined, never);
  assert.equal(told.ok, false);
  assert.match(told.detail, /certificate/);
  const insecure = await network.get(url, {}, undefined, never, undefined, true);
  assert.deepEqual(insecure, { ok: true, detail: 'answered 200', isAnswered: true });
});

test('the headers are sent, no connection is kept, and no body is waited for', async (t) => {
  let seen: unknown;
  let closed: Promise<void> | undefined;
  const url = await serve(t, (request, response) => {
    seen = [request.headers['x-probe'], request.headers.connection];
    closed = new Promise((resolve) => request.socket.on('close', () => resolve()));
    response.writeHead(200).write('a body without end');
  });
  assert.equal((await network.get(url, { 'X-Probe': 'yes' }, undefined, never)).ok, true);
  assert.deepEqual(seen, ['yes', 'close']);
  await closed;
});

test('an abort ends an attempt that gets no answer', async (t) => {
  const controller = new AbortController();
  const url = await serve(t, () => controller.abort());
  assert.deepEqual(await network.get(url, {}, undefined, controller.signal), {
    ok: false,
    detail: 'given up',
  });
  const given = await network.connect('127.0.0.1', 1, AbortSignal.abort());
  assert.deepEqual(given, { ok: false, detail: 'given up' });
});

test('what is no URL and what is no HTTP do not hold', async (t) => {
  assert.equal((await network.get('nonsense', {}, undefined, never)).ok, false);
  const port = await listen(
    t,
    createServer((socket) => void socket.end('220 smtp\r\n')),
  );
  assert.equal((await network.get(`http://127.0.0.1:${port}/`, {}, undefined, never)).ok, false);
});
