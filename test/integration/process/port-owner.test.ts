import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { createNetwork } from '../../../src/process/network/network.ts';
import type { OwnerCheck } from '../../../src/process/ports.ts';
import { createProcessLab, type Observed } from '../../support/process-lab.ts';
import { programPath } from '../../support/programs.ts';

const network = createNetwork();
const never = new AbortController().signal;
const holdPort = programPath('hold-port.js');
const sharePort = programPath('share-port.pl');
const accepted = { ok: true, detail: 'accepted a connection' };

async function portOf({ line }: Observed): Promise<number> {
  return Number((await line(/^port (\d+)$/m))[1]);
}

async function listen(t: TestContext, server: Server, ...address: [number, string]): Promise<number> {
  await new Promise<void>((resolve) => server.listen(...address, resolve));
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

const connect = (host: string, port: number, ownerOf?: OwnerCheck) =>
  network.connect(host, port, never, ownerOf);

for (const [who, script] of [
  ['the main process', 'exec "$0"'],
  ['its child', '"$0"; true'],
  ['a grandchild', 'sh -c \'"$0"; true\' "$0"; true'],
  ['a child with a session of its own', 'setsid "$0"; true'],
  ['a daemon that nobody is the parent of', '(setsid "$0" &); exec sleep 1000'],
] as const) {
  test(`a port that ${who} holds is the service's own`, async (t) => {
    const lab = await createProcessLab(t);
    const service = await lab.launch(['/bin/sh', '-c', script, holdPort]);
    const port = await portOf(service);
    assert.deepEqual(await connect('127.0.0.1', port, service.instance.ownerOf), accepted);
    assert.deepEqual(await connect('localhost', port, service.instance.ownerOf), accepted);
  });
}

test('a port that another process holds is not, and its pid and command are told', async (t) => {
  const lab = await createProcessLab(t);
  const [service, other] = [await lab.launch(['sleep', '1000']), await lab.launch([holdPort])];
  const port = await portOf(other);
  const held = {
    ok: false,
    detail: `held by process ${other.instance.pid} (node ${holdPort}), not by this service`,
  };
  assert.deepEqual(await connect('127.0.0.1', port, service.instance.ownerOf), held);
  assert.deepEqual(await connect('127.0.0.1', port, service.instance.ownerOf), held, 'and told again');
  assert.deepEqual(await connect('127.0.0.1', port), accepted, 'where any may be the owner it holds');
});

test('another instance of the same service is another', async (t) => {
  const lab = await createProcessLab(t);
  const [old, current] = [await lab.launch([holdPort]), await lab.launch(['sleep', '1000'])];
  assert.equal((await connect('127.0.0.1', await portOf(old), current.instance.ownerOf)).ok, false);
});

for (const [bound, reached] of [
  ['::', '127.0.0.1'],
  ['::', '::1'],
  ['0.0.0.0', '127.0.0.1'],
  ['0.0.0.0', '127.83.7.9'],
  ['::1', '::1'],
  ['::ffff:127.0.0.1', '127.0.0.1'],
] as const) {
  test(`who listens at ${bound} holds ${reached}`, async (t) => {
    const lab = await createProcessLab(t);
    const [own, other] = [await lab.launch([holdPort, bound]), await lab.launch(['sleep', '1000'])];
    const port = await portOf(own);
    assert.deepEqual(await connect(reached, port, own.instance.ownerOf), accepted);
    const { detail } = await connect(reached, port, other.instance.ownerOf);
    assert.match(detail, new RegExp(`^held by process ${own.instance.pid} `));
  });
}

for (const [name, old, current] of [
  ['at the same address', '127.0.0.1', '127.0.0.1'],
  ['at all addresses', '0.0.0.0', '0.0.0.0'],
  ['at the very address, where the new one is at all', '127.0.0.1', '0.0.0.0'],
] as const) {
  test(`G1: an old instance that shares the port, ${name}, is named, and the port is the own one once it is gone`, async (t) => {
    const lab = await createProcessLab(t);
    const before = await lab.launch([sharePort, old]);
    const port = await portOf(before);
    const service = await lab.launch([sharePort, current, String(port)]);
    assert.equal(await portOf(service), port);
    const { ok, detail } = await connect('127.0.0.1', port, service.instance.ownerOf);
    assert.equal(ok, false);
    assert.match(detail, new RegExp(`^(shared with|held by) process ${before.instance.pid} `));
    before.instance.kill();
    await before.instance.exited;
    assert.deepEqual(await connect('127.0.0.1', port, service.instance.ownerOf), accepted);
  });
}

test('who listens at the very address gets its connections, whoever listens at all', async (t) => {
  const lab = await createProcessLab(t);
  const before = await lab.launch([sharePort, '0.0.0.0']);
  const port = await portOf(before);
  const service = await lab.launch([sharePort, '127.0.0.1', String(port)]);
  assert.equal(await portOf(service), port);
  assert.deepEqual(await connect('127.0.0.1', port, service.instance.ownerOf), accepted);
});

test('workers of one service may share its port', async (t) => {
  const lab = await createProcessLab(t);
  const script = '"$0" 127.0.0.1 | { read _ port; "$0" 127.0.0.1 $port; }';
  const service = await lab.launch(['/bin/sh', '-c', script, sharePort]);
  const port = await portOf(service);
  assert.deepEqual(await connect('127.0.0.1', port, service.instance.ownerOf), accepted);
});

test('the address of an interface is one of this machine', async (t) => {
  const [address] = Object.values(networkInterfaces()).flatMap(
    (of) => of?.filter((own) => !own.internal) ?? [],
  );
  if (address?.family !== 'IPv4') return t.skip('there is none');
  const lab = await createProcessLab(t);
  const [own, other] = [await lab.launch([holdPort, '0.0.0.0']), await lab.launch(['sleep', '1000'])];
  const port = await portOf(own);
  assert.deepEqual(await connect(address.address, port, own.instance.ownerOf), accepted);
  assert.equal((await connect(address.address, port, other.instance.ownerOf)).ok, false);
});

test('holding IPv6 alone is not holding the port of IPv4 that another process has', async (t) => {
  const port = await listen(t, createServer(), 0, '0.0.0.0');
  const lab = await createProcessLab(t);
  const service = await lab.launch([holdPort, '::', String(port), 'ipv6-only']);
  assert.equal(await portOf(service), port);
  const { ok, detail } = await connect('127.0.0.1', port, service.instance.ownerOf);
  assert.equal(ok, false);
  assert.match(detail, new RegExp(`^held by process ${process.pid} `));
  assert.deepEqual(await connect('::1', port, service.instance.ownerOf), accepted);
});

test('an answer of http that another process gives does not hold, whatever it is', async (t) => {
  const lab = await createProcessLab(t);
  const own = await lab.launch([holdPort, '127.0.0.1', '0', 'http']);
  const url = `http://127.0.0.1:${await portOf(own)}/`;
  assert.deepEqual(await network.get(url, {}, undefined, never, own.instance.ownerOf), {
    ok: true,
    detail: 'answered 200',
    isAnswered: true,
  });
  const stranger = createHttpServer((_, response) => response.writeHead(404).end());
  const elsewhere = `http://localhost:${await listen(t, stranger, 0, '127.0.0.1')}/`;
  const { ok, detail } = await network.get(elsewhere, {}, undefined, never, own.instance.ownerOf);
  assert.equal(ok, false);
  assert.match(detail, new RegExp(`^held by process ${process.pid} `));
});

const isRoot = process.getuid?.() === 0;

test('what hidden processes hold', { skip: isRoot ? false : 'only root can hide from itself' }, async (t) => {
  const lab = await createProcessLab(t);
  const [roots, nobodys] = [
    await lab.launch([holdPort]),
    await lab.launch(['setpriv', '--reuid', '65534', '/bin/sh', '-c', 'echo up; exec sleep 1000']),
  ];
  const port = await portOf(roots);
  await nobodys.line(/^up$/m);
  process.seteuid?.(65_534);
  try {
    const own = await connect('127.0.0.1', port, roots.instance.ownerOf);
    assert.deepEqual(own, accepted, 'it may be the own one, and nobody else is to be seen');
    assert.deepEqual(
      await connect('127.0.0.1', port, nobodys.instance.ownerOf),
      { ok: false, detail: 'held by a process of user 0 that cannot be seen from here, not by this service' },
      'all that is the own one is to be seen, and does not hold it',
    );
  } finally {
    process.seteuid?.(0);
  }
});

test('a port that was the own one of a service and is taken by another is its own no more', async (t) => {
  const lab = await createProcessLab(t);
  const probe = createServer();
  const port = await listen(t, probe, 0, '127.83.7.10');
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  const service = await lab.launch([programPath('stop-listening.js'), '127.83.7.10', String(port)]);
  const { ownerOf } = service.instance;
  await until(async () => (await connect('127.83.7.10', port, ownerOf)).ok);
  assert.deepEqual(await connect('127.83.7.10', port, ownerOf), accepted, 'and again');
  process.kill(service.instance.pid!, 'SIGUSR2');
  await until(async () => !(await connect('127.83.7.10', port)).ok);
  await listen(t, createServer(), port, '127.83.7.10');
  const { ok, detail } = await connect('127.83.7.10', port, ownerOf);
  assert.equal(ok, false);
  assert.match(detail, new RegExp(`^held by process ${process.pid} `));
});

/** For what tells nobody when it happens. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await setTimeout(5);
}
