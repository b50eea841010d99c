import assert from 'node:assert/strict';
import { type AddressInfo, connect, createServer } from 'node:net';
import { test } from 'node:test';
import { findListeners, isOwnAddress, isPassedOn } from '../../../src/process/sockets/listeners.ts';

const host = '127.0.0.1';

test('a connection whose both ends are here is not passed on: while it is open, and after', async (t) => {
  const server = createServer();
  const closed = new Promise<void>((resolve) => {
    server.on('connection', (socket) => socket.resume().on('close', () => resolve()));
  });
  const port = await new Promise<number>((resolve) =>
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port)),
  );
  t.after(() => server.close());
  const socket = connect(port, host);
  await new Promise((resolve) => socket.once('connect', resolve));
  const local = { address: host, port: socket.localPort ?? 0 };
  const remote = { address: host, port };
  assert.equal(await isPassedOn({ local, remote }), false);
  // Our end lingers in the table, the other one is gone.
  socket.destroy();
  await closed;
  assert.equal(await isPassedOn({ local, remote }), false);
});
test('nobody listens at a port that was given back', async () => {
  const another = createServer();
  await new Promise<void>((resolve) => another.listen(0, host, resolve));
  const { port } = another.address() as AddressInfo;
  const listeners = await findListeners({ address: host, port });
  assert.deepEqual(
    listeners?.map(({ local }) => local),
    [{ address: host, port }],
  );
  await new Promise((resolve) => another.close(resolve));
  assert.deepEqual(await findListeners({ address: host, port }), []);
});

test('loopback is this machine, documentation is not', () => {
  for (const address of ['127.0.0.1', '127.83.7.1', '::1']) assert.equal(isOwnAddress(address), true);
  for (const address of ['192.0.2.1', '2001:db8::1', '']) assert.equal(isOwnAddress(address), false);
});
