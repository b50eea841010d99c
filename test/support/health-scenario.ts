/**
 * Services with health in a simulation: how their checks go is scripted, and every law is held against what was seen.
 */
import assert from 'node:assert/strict';
import type { ConditionKind, HealthConfig, ServiceConfig } from '../../src/config/types.ts';
import { checkRecord } from './check-record.ts';
import type { FakeRun } from './fake-commands.ts';
import { assertCleanups, assertClosed, assertStatus, assertStopOrder } from './laws.ts';
import { sampleService } from './sample-config.ts';
import { type Scenario, type Simulated, simulate } from './simulation.ts';

export const notify = {
  kind: 'notify',
  protocol: 'fd',
  withinMs: 60_000,
  timeoutMs: 1000,
  intervalMs: undefined,
  successes: 1,
} as const;
export const ok: FakeRun = {};
export const bad: FakeRun = { end: { kind: 'code', code: 1 } };
export const notMade: FakeRun = { end: { kind: 'failed', message: 'no process to be had' } };
export const hangs: FakeRun = { afterMs: Number.POSITIVE_INFINITY, killMs: 50 };
export const well: readonly FakeRun[] = [ok];

/** By default every second on whole seconds: the first service of a graph has the phase 0. */
export function health(kind: ConditionKind, more: Partial<HealthConfig> = {}): HealthConfig {
  const timing = {
    intervalMs: 1000,
    timeoutMs: 1000,
    failures: 3,
    successes: 1,
    onFailure: 'restart' as const,
  };
  return { condition: { ...notify, ...kind }, ...timing, ...more };
}
export const checks = (name = 'db') =>
  ({ kind: 'exec', command: { kind: 'shell', script: `check ${name}` } }) as const;
export const tcp: ConditionKind = { kind: 'tcp', host: 'h', port: '1', owner: 'any' };

export const db = (more: Partial<HealthConfig> = {}, spec: Partial<ServiceConfig> = {}) =>
  sampleService('db', { health: health(checks(), more), ...spec });
/** A restart policy without a limit. */
export const endless = { ...sampleService('db').restart, max: 0 };

const signal = (atMs: number) => ({ atMs, request: { kind: 'signal', signal: 'SIGTERM' } as const });

/** Simulates till SIGTERM comes and all is down; the laws are held for every test. */
export async function run(scenario: Scenario, endMs: number): Promise<Simulated> {
  const seen = await simulate({ behave: () => ({}), requests: [signal(endMs)], ...scenario });
  assertClosed(seen);
  assertStopOrder(scenario, seen);
  assertCleanups(scenario, seen);
  assertStatus(scenario, seen);
  assert.deepEqual(checkRecord(scenario.services, seen.events, { toldWithinMs: 0 }), []);
  return seen;
}

/** One service `db`, whose checks go like that. */
export const runDb = (
  runs: readonly FakeRun[],
  spec: ServiceConfig = db(),
  endMs = 20_500,
): Promise<Simulated> => run({ services: [spec], commands: { 'check db': runs } }, endMs);

/** When each check began. */
export const checksOf = (seen: Simulated) =>
  seen.commands.filter(({ text }) => text.startsWith('check ')).map(({ startedMs }) => startedMs);
/** `4100 unhealthy`, `9000 healthy`. */
export const told = (seen: Simulated) =>
  seen.events.flatMap((event) =>
    event.type === 'service.unhealthy' || event.type === 'service.healthy'
      ? [`${event.ms} ${event.type.replace('service.', '')}`]
      : [],
  );
/** When each instance was spawned. */
export const spawns = (seen: Simulated) =>
  seen.log.filter(({ what }) => what === 'spawn').map(({ ms }) => ms);
