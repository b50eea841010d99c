/**
 * What the server grants a client: silence until its request is whole is bounded, and waiting for an answer is not.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { Controlled, KnownTicket } from '../../../src/control/server/controlled.ts';
import { serve } from '../../../src/control/server/serve.ts';
import type { Settlement } from '../../../src/engine/requests/command.ts';
import { askSocket } from '../../support/ask-socket.ts';

const SILENT_MS = 50;
const reached: Settlement = { outcome: 'reached', services: [], status: 0 };

/** A server for that run; its socket. */
async function served(t: TestContext, run: Partial<Controlled>, silentMs?: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-control-'));
  const socket = join(folder, 'socket');
  const server = await serve(socket, { run: 'r', tickets: new Map(), ...run } as Controlled, {
    ...(silentMs && { silentMs }),
  });
  t.after(async () => {
    await server.close(0);
    rmSync(folder, { recursive: true });
  });
  return socket;
}

suite('the server of the control socket', { timeout: 30_000 }, () => {
  test('who waits for a settlement waits as long as it takes, beyond the time of silence', async (t) => {
    const late = new Promise<Settlement>((resolve) => setTimeout(resolve, 5 * SILENT_MS, reached));
    const ticket: KnownTicket = { settled: late, settlement: undefined };
    const socket = await served(t, { tickets: new Map([['r1', ticket]]) }, SILENT_MS);
    const answer = await askSocket(socket, { method: 'GET', target: '/v1/requests/r1?wait' });
    assert.deepEqual([answer?.status, JSON.parse(answer?.text ?? '').outcome], [200, 'reached']);
  });

  test('who does not wait is told at once, that it is open or how it ended', async (t) => {
    const settled = new Promise<Settlement>(() => {});
    const tickets = new Map([
      ['r1', { settled, settlement: undefined }],
      ['r2', { settled, settlement: reached }],
    ]);
    const socket = await served(t, { tickets });
    const kindOf = async (target: string) =>
      JSON.parse((await askSocket(socket, { method: 'GET', target }))?.text ?? '').kind;
    assert.equal(await kindOf('/v1/requests/r1'), 'open');
    assert.equal(await kindOf('/v1/requests/r2'), 'settled');
    assert.equal(await kindOf('/v1/requests/r2?wait'), 'settled');
  });

  test('G9: half a request is cut off', async (t) => {
    const socket = await served(t, {}, SILENT_MS);
    const half = connect(socket);
    half.write('POST /v1/plan HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"k');
    await once(half.resume(), 'close');
  });

  test('G9: a body that is too large is told so, one that is far too large is cut off', async (t) => {
    const socket = await served(t, {});
    const post = (body: string) => askSocket(socket, { method: 'POST', target: '/v1/plan', body });
    assert.equal((await post('x'.repeat(1024 * 1024)))?.status, 413);
    await assert.rejects(post('x'.repeat(16 * 1024 * 1024)), /EPIPE|ECONNRESET|socket hang up/);
  });

  test('a fault of a route is told as one, and ends nothing', async (t) => {
    const socket = await served(t, { apiDocument: () => Promise.reject(new Error('it is not there')) });
    const broken = await askSocket(socket, { method: 'GET', target: '/v1/openapi.json' });
    assert.equal(broken?.status, 500);
    assert.match(broken?.text ?? '', /it is not there/);
    // Of a stream that has begun nothing can be told any more: it breaks off.
    await assert.rejects(
      askSocket(socket, { method: 'GET', target: '/v1/events' }),
      /aborted|hang up|ECONNRESET/,
    );
    assert.equal((await askSocket(socket, { method: 'GET', target: '/livez' }))?.text, 'ok\n');
  });
});
