/**
 * Where processes listen, as the system tells it of real sockets.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listeningOf, readListenTable } from '../../../src/process/sockets/tree-listening.ts';
import { createTreeUsages } from '../../../src/process/usage/tree-usage.ts';
import type { ListenPlace } from '../../../src/process/usage-ports.ts';
import { treeOf } from '../../support/tree-of.ts';

const atOnce = async (): Promise<void> => {};

async function listen(t: TestContext, where: Parameters<Server['listen']>[0]): Promise<number> {
  const server = createServer();
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(where, resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('what listens or takes datagrams is told once, by its address; what is connected is not', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'listening-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'a socket');
  const port = await listen(t, { host: '127.0.0.1', port: 0 });
  await listen(t, { path });
  const client = connect(port, '127.0.0.1');
  t.after(() => client.destroy());
  await new Promise((resolve) => client.once('connect', resolve));
  const [open, connected] = [createSocket('udp4'), createSocket('udp4')];
  t.after(() => [open, connected].map((socket) => socket.close()));
  await new Promise<void>((resolve) => open.bind(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => connected.connect(open.address().port, '127.0.0.1', resolve));
  const expected: readonly ListenPlace[] = [
    { protocol: 'tcp', address: '127.0.0.1', port },
    { protocol: 'udp', address: '127.0.0.1', port: open.address().port },
    { protocol: 'unix', path },
  ];
  const own = [process.pid, process.pid];
  assert.deepEqual(await listeningOf(own, await readListenTable(), atOnce), {
    places: expected,
    isWhole: true,
  });

  const usages = createTreeUsages();
  for (const name of ['a', 'b'])
    usages.hold(
      name,
      treeOf(() => [process.pid]),
      () => 7,
    );
  const read = await usages.read({ listening: true, services: new Set(['b']) });
  assert.deepEqual([...read.keys()], ['b']);
  assert.deepEqual(read.get('b')?.listening, { places: expected, isWhole: true });
  assert.equal((await usages.read()).get('a')?.listening, undefined);
});

test('of what has ended nothing is told', async () => {
  // The highest number that Linux gives to a process is below this one.
  assert.deepEqual(await listeningOf([2 ** 22 + 1], await readListenTable(), atOnce), {
    places: [],
    isWhole: true,
  });
});

const isRoot = process.getuid?.() === 0;
const skip = isRoot ? false : 'only root can hide from itself';

test('of what does not show what it holds it is told that there may be more', { skip }, async (t) => {
  const child = spawn('sleep', ['1000']);
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  const look = async () => listeningOf([child.pid!], await readListenTable(), atOnce);
  assert.deepEqual(await look(), { places: [], isWhole: true });
  process.seteuid?.(65_534);
  try {
    assert.deepEqual(await look(), { places: [], isWhole: false });
  } finally {
    process.seteuid?.(0);
  }
});
