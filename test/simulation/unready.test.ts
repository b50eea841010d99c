/**
 * Why a service is not ready yet is told while it starts: what is new, and no more often than once a second.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from '../../src/config/types.ts';
import { health, tcp } from '../support/health-scenario.ts';
import { sampleService } from '../support/sample-config.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { type Scenario, type Simulated, simulate } from '../support/simulation.ts';

const timing = { withinMs: 60_000, timeoutMs: 1000, intervalMs: 100, successes: 1 } as const;
const address = 'h:1';
const ready: Condition = { ...tcp, ...timing };
const once = { ...sampleService('api').restart, policy: 'no' } as const;

const run = (scene: Scenario['scene'], more: Partial<Scenario> = {}): Promise<Simulated> =>
  simulate({
    services: [sampleService('api', { ready, restart: once })],
    ...(scene !== undefined && { scene }),
    requests: [{ atMs: 100_000, request: { kind: 'signal', signal: 'SIGTERM' } }],
    ...more,
  });

const told = ({ events }: Simulated): readonly string[] =>
  events.flatMap((event) => (event.type === 'service.unready' ? [`${event.ms} ${event.detail}`] : []));

test('a second after its launch it is told, and again only when it is something else', async () => {
  const seen = await run(({ network }) => {
    network.answer(address, { kind: 'refuse', detail: 'no route' }, 4500);
    network.answer(address, { kind: 'accept' }, 8000);
  });
  assert.deepEqual(told(seen), [`1000 tcp ${address}: connection refused`, `5000 tcp ${address}: no route`]);
});

test('what is ready within a second tells nothing, and neither does what is ready', async () => {
  const seen = await run(({ network }) => network.answer(address, { kind: 'accept' }, 900));
  assert.deepEqual(told(seen), []);
});

test('a reason that changes with every attempt is told once a second', async () => {
  const seen = await run(({ network }) => {
    for (let ms = 0; ms < 5000; ms += 100) network.answer(address, { kind: 'refuse', detail: `${ms}` }, ms);
    network.answer(address, { kind: 'accept' }, 5050);
  });
  assert.deepEqual(
    told(seen).map((line) => line.split(' ')[0]),
    ['1000', '2000', '3000', '4000', '5000'],
  );
});

test('each instance tells it anew; what is asked to stop tells it no more', async () => {
  const seen = await run(undefined, {
    services: [sampleService('api', { ready: { ...ready, withinMs: 2500 } })],
    requests: [{ atMs: 7000, request: { kind: 'signal', signal: 'SIGTERM' } }],
  });
  const starts = seen.events.filter(({ type }) => type === 'service.starting');
  const tellers = seen.events.flatMap((event) => (event.type === 'service.unready' ? [event.attempt] : []));
  assert.deepEqual(
    tellers,
    starts.map((_, index) => index + 1).filter((attempt) => starts[attempt - 1]!.ms + 1000 < 7000),
  );
  const stopping = seen.events.findIndex(({ type }) => type === 'shutdown.requested');
  assert.ok(!seen.events.slice(stopping).some(({ type }) => type === 'service.unready'));
});

const local: Condition = { ...ready, kind: 'tcp', host: '127.0.0.1', port: '80', owner: 'service' };
const LOCAL = 'tcp 127.0.0.1:80';

/** With what it waits for at 127.0.0.1:80. */
const runLocal = (behaviour: Behaviour, more: Partial<Condition> = {}): Promise<Simulated> =>
  run(undefined, {
    services: [sampleService('api', { ready: { ...local, ...more } as Condition, restart: once })],
    behave: () => behaviour,
  });

test('where it listens in place of that is told as soon as it does', async () => {
  const seen = await runLocal({ listens: [{ afterMs: 2500, address: '::1', port: 80 }] }, { withinMs: 5000 });
  assert.deepEqual(told(seen), [
    `1000 ${LOCAL}: connection refused`,
    `3000 ${LOCAL}: connection refused; it listens at [::1]:80`,
  ]);
  const failed = seen.events.find((event) => event.type === 'service.failed');
  assert.equal(failed?.cause, `not ready within 5 s: ${LOCAL}: connection refused; it listens at [::1]:80`);
  assert.ok(failed.ms < 5010, `${failed.ms}`);
});

test('what is late within a second tells it too', async () => {
  const seen = await runLocal(
    { listens: [{ afterMs: 0, address: '127.0.0.1', port: 81 }] },
    { withinMs: 300 },
  );
  const failed = seen.events.find((event) => event.type === 'service.failed');
  assert.match(failed?.cause ?? '', /connection refused; it listens at 127\.0\.0\.1:81$/);
});

test('what listens there, and is refused, has another trouble', async () => {
  const seen = await runLocal(
    { listens: [{ afterMs: 0, address: '0.0.0.0', port: 80 }] },
    { withinMs: 1500 },
  );
  assert.deepEqual(told(seen), [`1000 ${LOCAL}: connection refused`]);
});

for (const looksMs of [800, 'never'] as const)
  test(`a look that takes ${looksMs} makes nobody late, and what is late fails without it`, async () => {
    const behave = () => ({ looksMs, listens: [{ afterMs: 0, address: '::1', port: 80 }] });
    const services = [sampleService('api', { ready: { ...local, withinMs: 5000 }, restart: once })];
    const scene: Scenario['scene'] = ({ network }) =>
      network.answer('127.0.0.1:80', { kind: 'accept' }, 1200);
    const seen = await run(scene, { services, behave });
    const isReady = seen.events.find((event) => event.type === 'service.ready');
    assert.equal(isReady?.after_ms, 1200);
    const late = await run(undefined, { services, behave });
    const failed = late.events.find((event) => event.type === 'service.failed');
    assert.match(failed?.cause ?? '', /^not ready within 5 s: .*: connection refused$/);
    assert.ok(failed!.ms < 5600, `${failed!.ms}`);
  });

test('a health check that is refused tells it as well', async () => {
  const services = [sampleService('api', { health: health(local, { failures: 2 }), restart: once })];
  const behave = () => ({ listens: [{ afterMs: 0, address: '127.0.0.1', port: 8081 }] });
  const seen = await run(undefined, { services, behave });
  const unhealthy = seen.events.find((event) => event.type === 'service.unhealthy');
  const detail = `${LOCAL}: connection refused; it listens at 127.0.0.1:8081`;
  assert.equal(unhealthy?.detail, detail);
  const failed = seen.events.find((event) => event.type === 'service.failed');
  assert.equal(failed?.cause, `health check failed 2 times in a row: ${detail}`);
});
