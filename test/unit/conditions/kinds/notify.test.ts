import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleep } from '../../../../src/concurrency/index.ts';
import { createReadinessProbe } from '../../../../src/conditions/create-readiness-probe.ts';
import { createFakePorts } from '../../../support/fake-ports.ts';
import { condition, contextOf, failed, held, inVirtualTime, probe } from '../probing.ts';

const notify = condition({ kind: 'notify', protocol: 'fd' });

test('the protocol names the channel', async () => {
  await inVirtualTime(async () => {
    for (const protocol of ['fd', 'node', 'systemd'] as const) {
      const probe = createReadinessProbe(
        condition({ kind: 'notify', protocol }),
        contextOf(createFakePorts()),
      );
      assert.equal(probe.channel, protocol);
    }
  });
});

test('notify holds with the values that were reported', async () => {
  const { reading, atMs } = await probe(notify, undefined, async (probe) => {
    await sleep(250);
    probe.notification({ kind: 'ready', values: { port: '8080' } });
    probe.notification({ kind: 'closed' });
  });
  assert.deepEqual(reading, held('notified over fd 3 after 250 ms', { port: '8080' }));
  assert.equal(atMs, 250);
});

test('a node program notifies over the node channel', async () => {
  const { reading } = await probe(condition({ kind: 'notify', protocol: 'node' }), undefined, async (probe) =>
    probe.notification({ kind: 'ready', values: {} }),
  );
  assert.deepEqual(reading, held('notified over the node channel after 0 ms'));
});

test('a notification before the wait is not missed', async () => {
  await inVirtualTime(async () => {
    const probe = createReadinessProbe(notify, contextOf(createFakePorts()));
    probe.notification({ kind: 'ready', values: { url: 'http://a' } });
    assert.deepEqual(await probe.wait(), held('notified over fd 3 after 0 ms', { url: 'http://a' }));
  });
});

test('a channel closed without a word fails at once', async () => {
  const { reading, atMs } = await probe(notify, undefined, async (probe) => {
    probe.notification({ kind: 'heartbeat' });
    await sleep(100);
    probe.notification({ kind: 'closed' });
    probe.notification({ kind: 'ready', values: {} });
  });
  assert.deepEqual(reading, failed('the notify channel was closed without a word'));
  assert.equal(atMs, 100);
});

test('heartbeats and status texts are no readiness, but the deadline tells the last status', async () => {
  const { reading } = await probe({ ...notify, withinMs: 1_000 }, undefined, async (probe) => {
    probe.notification({ kind: 'status', text: 'loading' });
    probe.notification({ kind: 'heartbeat' });
    probe.notification({ kind: 'status', text: 'replaying' });
  });
  assert.deepEqual(
    reading,
    failed('not ready within 1 s: no notification over fd 3 (its status: "replaying")'),
  );
});

test('silence until the deadline fails', async () => {
  const { reading } = await probe(notify);
  assert.deepEqual(reading, failed('not ready within 1 m: no notification over fd 3'));
});

test('the deadline moves back, never forward, and the failure tells how long it was', async () => {
  const { reading, atMs } = await probe({ ...notify, withinMs: 1_000 }, undefined, async (probe) => {
    probe.extend(400);
    await sleep(900);
    probe.extend(1_500);
    probe.extend(1_200);
  });
  assert.deepEqual(reading, failed('not ready within 1.5 s: no notification over fd 3'));
  assert.equal(atMs, 1_500);
});

test('more time is for every part of a condition, and what comes before the wait counts', async () => {
  await inVirtualTime(async () => {
    const part = { ...notify, withinMs: 1_000 };
    const all = condition({ kind: 'all', of: [part, condition({ kind: 'delay', delayMs: 1 })] });
    const probe = createReadinessProbe({ ...all, withinMs: 500 }, contextOf(createFakePorts()));
    probe.extend(2_000);
    assert.equal(probe.isOver, false);
    assert.deepEqual(await probe.wait(), failed('not ready within 2 s: no notification over fd 3'));
    assert.equal(probe.isOver, true);
  });
});
