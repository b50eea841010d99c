/**
 * Why a service is not ready yet is told while it starts: what is new, and no more often than once a second.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from '../../src/config/types.ts';
import { tcp } from '../support/health-scenario.ts';
import { sampleService } from '../support/sample-config.ts';
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
