/**
 * Small graphs whose dependencies are lost, on simulated processes and a virtual clock, for tests of what follows.
 */
import type { Edge, OnLoss, ServiceConfig } from '../../src/config/types.ts';
import { sampleEdge, sampleService } from './sample-config.ts';
import type { Behaviour } from './simulated-launcher.ts';
import { eventsOf } from './simulated-lives.ts';
import { type Scenario, type Simulated, simulate, type TimedRequest } from './simulation.ts';

export const notify = {
  kind: 'notify',
  protocol: 'fd',
  withinMs: 60_000,
  timeoutMs: 1000,
  intervalMs: undefined,
  successes: 1,
} as const;

type Written = Readonly<Record<string, Partial<Edge>>>;
export const restart = (afterMs = 0): { onLoss: OnLoss } => ({ onLoss: { act: 'restart', afterMs } });
export const stop = (afterMs = 0): { onLoss: OnLoss } => ({ onLoss: { act: 'stop', afterMs } });

/** Each is ready 10 ms after its spawn, obeys after 5, and is cleaned up after in 20. */
export function service(name: string, edges: Written = {}, more: Partial<ServiceConfig> = {}): ServiceConfig {
  return sampleService(name, {
    ready: notify,
    dependsOn: Object.entries(edges).map(([on, edge]) => sampleEdge(on, edge)),
    cleanup: [{ run: { kind: 'shell', script: `clean ${name}` }, timeoutMs: 1000 }],
    ...more,
  });
}

export const USUAL: Behaviour = { readyAfterMs: 10, obeysAfterMs: 5 };
export const crashes = (endsAfterMs: number, more: Behaviour = {}): Behaviour => ({
  ...USUAL,
  endsAfterMs,
  exit: { kind: 'code', code: 1 },
  ...more,
});
export const sigterm = (atMs: number): TimedRequest => ({
  atMs,
  request: { kind: 'signal', signal: 'SIGTERM' },
});

/** `instances`: how the instances of a service behave, in order; those that aren't there as usual. */
export function play(
  services: readonly ServiceConfig[],
  instances: Readonly<Record<string, readonly Behaviour[]>>,
  more: Partial<Scenario> = {},
): Promise<Simulated> {
  return simulate({
    services,
    behave: (name, attempt) => instances[name]?.[attempt - 1] ?? USUAL,
    commands: Object.fromEntries(services.map(({ name }) => [`clean ${name}`, { afterMs: 20 }])),
    requests: [sigterm(5000)],
    ...more,
  });
}

/** What was done from `fromMs` on, until the shutdown. */
export function deeds(seen: Simulated, fromMs: number): readonly string[] {
  const untilMs = eventsOf(seen, 'shutdown.requested')[0]?.ms ?? Infinity;
  return seen.log
    .filter(({ ms, what }) => ms >= fromMs && ms < untilMs && what !== 'gone')
    .map(({ ms, what, service: name }) => `${ms} ${what} ${name}`);
}

export const reasons = (seen: Simulated) =>
  eventsOf(seen, 'service.stopping').map((event) => `${event.service}: ${event.reason}`);
export const startsOf = (seen: Simulated, name: string) =>
  eventsOf(seen, 'service.starting').filter((event) => event.service === name).length;

export const LOST = '"db" was lost: exited with code 1 after 100 ms';
