/**
 * Where the processes of an instance listen for TCP, looked up for several that can't be reached.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createOwnListening } from '../../../src/process/sockets/own-listening.ts';

async function listen(t: TestContext, host: string): Promise<number> {
  const server = createServer();
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen({ host, port: 0 }, resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('each place is told once, in the order of ports; of what has ended nothing is', async (t) => {
  const ports = [await listen(t, '127.0.0.1'), await listen(t, '127.0.0.1'), await listen(t, '0.0.0.0')];
  const listening = createOwnListening();
  const expected = ports
    .map((port, index) => ({ address: index === 2 ? '0.0.0.0' : '127.0.0.1', port }))
    .toSorted((one, other) => one.port - other.port);
  const found = await listening(async () => [process.pid, process.pid]);
  assert.deepEqual(
    found.map(({ address, port }) => ({ address, port })),
    expected,
  );
  // The highest number that Linux gives to a process is below this one.
  assert.deepEqual(await listening(async () => [2 ** 22 + 1]), []);
});

test('many that ask together look at the processes in one turn, and again only some time later', async () => {
  const listening = createOwnListening();
  let turn = 0;
  const alive = async (): Promise<readonly number[]> => {
    turns.add(turn);
    return [];
  };
  const turns = new Set<number>();
  const tick = setInterval(() => {
    turn += 1;
  }, 1);
  const begunMs = performance.now();
  await Promise.all(Array.from({ length: 100 }, () => listening(alive)));
  assert.equal(turns.size, 1);
  await Promise.all(Array.from({ length: 100 }, () => listening(alive)));
  clearInterval(tick);
  assert.equal(turns.size, 2);
  assert.ok(performance.now() - begunMs >= 249);
});

test('where the system has nothing left to look with nothing is told', async () => {
  const out = Object.assign(new Error('too many open files'), { code: 'EMFILE' });
  assert.deepEqual(await createOwnListening()(() => Promise.reject(out)), []);
  await assert.rejects(
    createOwnListening()(() => Promise.reject(new Error('a bug'))),
    /a bug/,
  );
});
