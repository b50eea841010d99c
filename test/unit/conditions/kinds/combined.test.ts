import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleep } from '../../../../src/concurrency/index.ts';
import { createReadinessProbe } from '../../../../src/conditions/create-readiness-probe.ts';
import type { Condition } from '../../../../src/config/types.ts';
import { createFakePorts } from '../../../support/fake-ports.ts';
import { condition, contextOf, failed, held, inVirtualTime, probe } from '../probing.ts';

const timing = { withinMs: undefined };
const all = (...of: readonly Condition[]) => condition({ kind: 'all', of });
const any = (...of: readonly Condition[]) => condition({ kind: 'any', of });
const delay = (delayMs: number, withinMs?: number) => condition({ kind: 'delay', delayMs }, { withinMs });
const log = (pattern: string) => condition({ kind: 'log', pattern }, timing);
const notify = (protocol: 'fd' | 'node') => condition({ kind: 'notify', protocol }, timing);
const tcp = condition({ kind: 'tcp', host: 'h', port: '1', owner: 'any' }, timing);
const exec = condition({ kind: 'exec', command: { kind: 'exec', argv: ['check'] } }, timing);

test('all holds with the last one, its evidence in the order of the configuration', async () => {
  const { reading, atMs } = await probe(all(delay(300), tcp, delay(100)), ({ network }) =>
    network.answer('h:1', { kind: 'accept' }, 10),
  );
  assert.deepEqual(reading, held('delay of 300 ms, tcp h:1 after 20 ms, delay of 100 ms'));
  assert.equal(atMs, 300);
});

test('all merges values, and the later condition wins', async () => {
  const tested = all(log('a (?<port>\\d) (?<a>\\w)'), notify('fd'), log('b (?<port>\\d) (?<b>\\w)'));
  const { reading } = await probe(tested, undefined, async (probe) => {
    probe.output('stdout', Buffer.from('b 3 y\n'));
    assert.equal(probe.wantsOutput, true);
    probe.output('stdout', Buffer.from('a 1 x\n'));
    assert.equal(probe.wantsOutput, false);
    probe.notification({ kind: 'ready', values: { port: '2', c: 'z' } });
  });
  assert.deepEqual(reading.kind === 'held' && reading.values, { port: '3', a: 'x', b: 'y', c: 'z' });
});

test('all fails with the first that fails; the others are over by then', async () => {
  const { reading, atMs, ports } = await probe(all(delay(5_000), exec, delay(900, 200)), ({ commands }) =>
    commands.script('check', { afterMs: Infinity, killMs: 30 }),
  );
  assert.deepEqual(reading, failed('not ready within 200 ms: delay of 900 ms: not over'));
  assert.equal(atMs, 230);
  assert.equal(ports.commands.records[0]?.endedMs, 230);
});

test('at the deadline all names only what is missing', async () => {
  const { reading } = await probe({ ...all(tcp, delay(10), notify('fd')), withinMs: 1_000 });
  assert.deepEqual(
    reading,
    failed('not ready within 1 s: tcp h:1: connection refused; no notification over fd 3'),
  );
});

test('any holds with the first; the others are over by then', async () => {
  const { reading, atMs, ports } = await probe(
    any(exec, delay(400), delay(300), tcp),
    ({ commands, network }) => {
      commands.script('check', { afterMs: Infinity, killMs: 30 });
      network.answer('h:1', { kind: 'silent' });
    },
  );
  assert.deepEqual(reading, held('delay of 300 ms'));
  assert.equal(atMs, 330);
  assert.deepEqual(
    ports.network.attempts.map((attempt) => attempt.endedMs),
    [300],
  );
});

test('any outlives a failure and fails when every one has failed', async () => {
  const tested = any(delay(900, 200), notify('fd'));
  const outlived = await probe(tested, undefined, async (probe) => {
    await sleep(300);
    probe.notification({ kind: 'ready', values: { a: '1' } });
  });
  assert.deepEqual(outlived.reading, held('notified over fd 3 after 300 ms', { a: '1' }));

  const lost = await probe(tested, undefined, async (probe) => probe.notification({ kind: 'closed' }));
  assert.deepEqual(
    lost.reading,
    failed(
      'not ready within 200 ms: delay of 900 ms: not over; the notify channel was closed without a word',
    ),
  );
  assert.equal(lost.atMs, 200);
});

test('at the deadline any names everything it tried', async () => {
  const { reading } = await probe({ ...any(tcp, log('up')), withinMs: 1_000 });
  assert.deepEqual(
    reading,
    failed('not ready within 1 s: tcp h:1: connection refused; log: no line matched /up/'),
  );
});

test('conditions nest, and the channel is found at any depth', async () => {
  const nested = all(any(delay(5_000), all(notify('node'), log('up'))), delay(50));
  const { reading, atMs } = await probe(nested, undefined, async (probe) => {
    assert.equal(probe.channel, 'node');
    await sleep(100);
    probe.notification({ kind: 'ready', values: { p: '1' } });
    probe.output('stderr', Buffer.from('up\n'));
  });
  const evidence = "notified over the node channel after 100 ms, log 'up' after 100 ms, delay of 50 ms";
  assert.deepEqual(reading, held(evidence, { p: '1' }));
  assert.equal(atMs, 100);
});

test('of two different channels the first is taken', async () => {
  await inVirtualTime(async () => {
    const two = createReadinessProbe(all(tcp, notify('fd'), notify('node')), contextOf(createFakePorts()));
    assert.equal(two.channel, 'fd');
    assert.equal(createReadinessProbe(all(tcp, delay(1)), contextOf(createFakePorts())).channel, 'none');
  });
});
