/**
 * A chain a -> b -> c in which b needs 300 ms to become ready: c never starts before, whatever says that b is ready.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { ownAddress } from '../support/own-address.ts';
import { programPath } from '../support/programs.ts';
import { type OrderlyEnd, runOrderly } from '../support/run-orderly.ts';
import { assertOrder, story } from '../support/story.ts';

const late = programPath('e2e/late.js');

interface Way {
  readonly command: string;
  readonly ready: string;
  /** What c is told of b. */
  readonly told?: string;
}

function okChain({ command, ready, told = 'nothing' }: Way): string {
  return `
defaults: { restart: "no" }
services:
  a: { command: exec sleep 1000 }
  b: { command: ${command}, ready: ${ready}, depends_on: [a] }
  c:
    command: [${programPath('e2e/needs-stamp.sh')}, "${told}"]
    ready: { log: b }
    depends_on: [b]
`;
}

async function runChain(t: TestContext, way: Way): Promise<OrderlyEnd> {
  const run = runOrderly(t, { config: okChain(way) });
  await run.event('service.ready', { service: 'c' });
  run.signal('SIGTERM');
  const end = await run.ended;
  const told = story(end.events);
  assertOrder(told, 'a ready', 'b starting', 'b ready', 'c starting', 'c ready', 'shutdown requested');
  assertOrder(told, 'c stopping', 'c stopped', 'b stopping', 'b stopped', 'a stopping', 'a stopped');
  assert.equal(end.status, 143);
  return end;
}

const host = ownAddress;
const ways: Readonly<Record<string, Way>> = {
  'tcp: host:port': { command: `[${late}, tcp, ${host}, 9001]`, ready: `{ tcp: "${host}:9001" }` },
  http: { command: `[${late}, http, ${host}, 9002]`, ready: `{ http: "http://${host}:9002/" }` },
  'http with a status': {
    command: `[${late}, http, ${host}, 9003]`,
    ready: `{ http: { url: "http://${host}:9003/", status: 200 } }`,
  },
  exec: { command: `[${late}, file]`, ready: '{ exec: test -e b.ready }' },
  file: { command: `[${late}, file]`, ready: '{ file: b.ready }' },
  delay: { command: 'touch b.stamp && exec sleep 1000', ready: '{ delay: 300ms }' },
  all: { command: `[${late}, file]`, ready: '{ all: [{ file: b.ready }, { delay: 10ms }] }' },
  any: { command: `[${late}, file]`, ready: '{ any: [{ file: b.ready }, { file: never }] }' },
};

const tellingWays: Readonly<Record<string, Way>> = {
  log: { command: `[${late}, log]`, ready: `{ log: 'listening on .*:(?<port>\\d+)' }` },
  'notify: fd': { command: `[${late}, fd]`, ready: '{ notify: fd }' },
  'notify: systemd': {
    command: `touch b.stamp && exec ${programPath('notify.pl')} X_PORT=4711 READY=1`,
    ready: '{ notify: systemd }',
  },
  'notify: node': { command: `[${late}, node]`, ready: '{ notify: node }' },
};

suite('G1: c is started only after b is ready', { concurrency: 3, timeout: 20_000 }, () => {
  for (const [name, way] of Object.entries(ways)) {
    test(`by ${name}`, async (t) => {
      const end = await runChain(t, way);
      assert.ok(story(end.events, 'log').includes('c says after b: nothing'));
    });
  }

  for (const [name, way] of Object.entries(tellingWays)) {
    test(`by ${name}, and gets the values that b reported`, async (t) => {
      const end = await runChain(t, { ...way, told: '${b.port}' });
      assert.ok(story(end.events, 'log').includes('c says after b: 4711'));
    });
  }

  test('by tcp: port', async (t) => {
    const port = await freePort();
    await runChain(t, { command: `[${late}, tcp, 127.0.0.1, "${port}"]`, ready: `{ tcp: ${port} }` });
  });
});

suite('what is not ready', { concurrency: 3, timeout: 20_000 }, () => {
  test('G1: a port that another process holds is not readiness, and the message names the holder', async (t) => {
    const squatter = createServer().listen(0, '127.0.0.1');
    t.after(() => squatter.close());
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as { port: number };
    const ready = `{ tcp: ${port}, within: 600ms }`;
    const run = runOrderly(t, { config: okChain({ command: 'exec sleep 1000', ready }) });
    const verdict = await run.event(
      (event) => event.type === 'service.failed' || (event.type === 'service.ready' && event.service === 'b'),
    );
    assert.equal(verdict.type, 'service.failed');
    assert.match(verdict.cause, new RegExp(`${port}.*\\b${process.pid}\\b`));
    assert.ok(!story((await run.ended).events).includes('c starting'));
  });

  test('a deadline that passes is a failure that says so', async (t) => {
    const ready = '{ file: never, within: 300ms }';
    const config = okChain({ command: 'exec sleep 1000', ready });
    const end = await runOrderly(t, { args: ['up'], config }).ended;
    assert.equal(end.status, 1);
    assert.match(end.stderr.at(-1) ?? '', /"b" failed: not ready within 300 ms.*file .*never/);
  });

  test('a notify channel that closes without a word is a failure', async (t) => {
    const ready = '{ notify: fd }';
    const config = okChain({ command: 'exec 3>&-; exec sleep 1000', ready });
    const end = await runOrderly(t, { config }).ended;
    assert.equal(end.status, 1);
    assertOrder(story(end.events), 'b starting', 'b stopping', 'b failed', 'a stopping', 'a stopped');
  });
});
