import assert from 'node:assert/strict';
import { test } from 'node:test';
import { condition, failed, held, probe } from '../probing.ts';

const tcp = condition({ kind: 'tcp', host: '127.0.0.1', port: '5432', owner: 'any' });

test('tcp holds with the first attempt that is accepted', async () => {
  const { reading, atMs, ports } = await probe(tcp, ({ network }) =>
    network.answer('127.0.0.1:5432', { kind: 'accept' }, 300),
  );
  assert.deepEqual(reading, held('tcp 127.0.0.1:5432 after 416 ms'));
  assert.equal(Math.round(atMs), 416);
  assert.equal(ports.network.attempts.length, 7);
});

test('tcp that is refused until the deadline says so', async () => {
  const { reading, atMs } = await probe(tcp);
  assert.deepEqual(reading, failed('not ready within 1 m: tcp 127.0.0.1:5432: connection refused'));
  assert.equal(atMs, 60_000);
});

test('tcp that never answers is asked again after each limit', async () => {
  const { reading, ports } = await probe(
    condition(
      { kind: 'tcp', host: '::1', port: '80', owner: 'any' },
      { withinMs: 2_500, timeoutMs: 1_000, intervalMs: 100 },
    ),
    ({ network }) => network.answer('::1:80', { kind: 'silent' }),
  );
  assert.deepEqual(reading, failed('not ready within 2.5 s: tcp [::1]:80: no answer within 1 s'));
  assert.deepEqual(
    ports.network.attempts.map(({ startedMs, endedMs, aborted }) => [startedMs, endedMs, aborted]),
    [
      [0, 1_000, true],
      [1_100, 2_100, true],
      [2_200, 2_500, true],
    ],
  );
});

test('a first attempt that the deadline cuts is told as unanswered', async () => {
  const { reading } = await probe({ ...tcp, withinMs: 500 }, ({ network }) =>
    network.answer('127.0.0.1:5432', { kind: 'silent' }),
  );
  assert.deepEqual(reading, failed('not ready within 500 ms: tcp 127.0.0.1:5432: no answer'));
});

test('successes in a row are asked for, and one refusal begins the count anew', async () => {
  const { reading, atMs } = await probe({ ...tcp, successes: 3, intervalMs: 100 }, ({ network }) => {
    network.answer('127.0.0.1:5432', { kind: 'accept' }, 0);
    network.answer('127.0.0.1:5432', { kind: 'refuse' }, 150);
    network.answer('127.0.0.1:5432', { kind: 'accept' }, 250);
  });
  assert.deepEqual(reading, held('tcp 127.0.0.1:5432 after 500 ms'));
  assert.equal(atMs, 500);
});

test('too few successes at the deadline are said', async () => {
  const { reading } = await probe({ ...tcp, successes: 9, intervalMs: 400, withinMs: 1_000 }, ({ network }) =>
    network.answer('127.0.0.1:5432', { kind: 'accept' }, 0),
  );
  assert.deepEqual(reading, failed('not ready within 1 s: tcp 127.0.0.1:5432, but not 9 times in a row'));
});

for (const port of ['', 'none', '0', '65536', '-1', '1.5', '80 81']) {
  test(`the reported port "${port}" fails at once`, async () => {
    const { reading, atMs, ports } = await probe({ ...tcp, kind: 'tcp', host: 'h', port, owner: 'any' });
    assert.deepEqual(reading, failed(`tcp h:${port}: "${port}" is not a port (1 to 65535)`));
    assert.equal(atMs, 0);
    assert.equal(ports.network.attempts.length, 0);
  });
}

for (const owner of ['service', 'any'] as const) {
  test(`a port that another process holds ${owner === 'any' ? 'holds' : 'does not hold'} where the owner is ${owner}`, async () => {
    const { reading } = await probe({ ...tcp, owner, withinMs: 2_000 } as typeof tcp, ({ network }) =>
      network.answer('127.0.0.1:5432', { kind: 'accept', heldBy: 'process 4711 (node old.js)' }),
    );
    const why = 'not ready within 2 s: tcp 127.0.0.1:5432: held by process 4711 (node old.js)';
    assert.deepEqual(reading, owner === 'any' ? held('tcp 127.0.0.1:5432 after 0 ms') : failed(why));
  });
}

test('it holds as soon as the service has the port that another process held', async () => {
  const { reading } = await probe(
    { ...tcp, owner: 'service', intervalMs: 100 } as typeof tcp,
    ({ network }) => {
      network.answer('127.0.0.1:5432', { kind: 'accept', heldBy: 'process 4711 (node old.js)' }, 0);
      network.answer('127.0.0.1:5432', { kind: 'refuse' }, 150);
      network.answer('127.0.0.1:5432', { kind: 'accept' }, 250);
    },
  );
  assert.deepEqual(reading, held('tcp 127.0.0.1:5432 after 300 ms'));
});

test('a port alone is both loopbacks: whichever accepts, and that is told', async () => {
  const both = { ...tcp, orHost: '::1' } as typeof tcp;
  const v6 = await probe(both, ({ network }) => network.answer('::1:5432', { kind: 'accept' }, 300));
  assert.deepEqual(v6.reading, held('tcp [::1]:5432 after 416 ms'));
  const v4 = await probe(both, ({ network }) => network.answer('127.0.0.1:5432', { kind: 'accept' }, 300));
  assert.deepEqual(v4.reading, held('tcp 127.0.0.1:5432 after 416 ms'));
  const none = await probe(both);
  assert.deepEqual(none.reading, failed('not ready within 1 m: tcp 127.0.0.1:5432: connection refused'));
});

test('who holds the first loopback is told, unless the service has the other', async () => {
  const own = condition({ kind: 'tcp', host: '127.0.0.1', orHost: '::1', port: '5432', owner: 'service' });
  const held4 = ({ network }: Parameters<NonNullable<Parameters<typeof probe>[1]>>[0]) =>
    network.answer('127.0.0.1:5432', { kind: 'accept', heldBy: 'somebody else' }, 0);
  const told = await probe(own, held4);
  assert.match(JSON.stringify(told.reading), /somebody else/);
  const other = await probe(own, (ports) => {
    held4(ports);
    ports.network.answer('::1:5432', { kind: 'accept' }, 0);
  });
  assert.deepEqual(other.reading, held('tcp [::1]:5432 after 0 ms'));
});
