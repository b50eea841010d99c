/**
 * Graphs that are commanded, on the virtual clock: what is asked for, and what came of it, as short lines.
 */
import type { Edge, ServiceConfig } from '../../src/config/types.ts';
import type { Command, RequestOptions, Ticket } from '../../src/engine/requests/command.ts';
import type { OrderlyEvent } from '../../src/events/event.ts';
import type { ChildExit } from '../../src/events/fact-shape.ts';
import { sampleEdge, sampleService } from './sample-config.ts';
import type { Behaviour } from './simulated-launcher.ts';
import { planOf, type Scenario, type Simulated, simulate, type TimedRequest } from './simulation.ts';

export const NOTIFY = {
  kind: 'notify',
  protocol: 'fd',
  withinMs: 60_000,
  timeoutMs: 1000,
  intervalMs: undefined,
  successes: 1,
} as const;

type More = Partial<ServiceConfig>;

/** A service that says when it is ready. `needs`: names, or edges. */
export function service(
  name: string,
  needs: readonly (string | Edge)[] = [],
  more: More = {},
): ServiceConfig {
  const dependsOn = needs.map((one) => (typeof one === 'string' ? sampleEdge(one) : one));
  const stop = { signal: 'SIGTERM', graceMs: 5000, command: undefined, target: 'group' } as const;
  return sampleService(name, { ready: NOTIFY, dependsOn, stop, ...more });
}

export function task(name: string, needs: readonly (string | Edge)[] = [], more: More = {}): ServiceConfig {
  return service(name, needs, { type: 'task', ready: undefined, ...more });
}

export const restarting = (name: string, afterMs = 0): Edge =>
  sampleEdge(name, { onLoss: { act: 'restart', afterMs } });
export const stopping = (name: string): Edge => sampleEdge(name, { onLoss: { act: 'stop', afterMs: 0 } });
export const completed = (name: string): Edge => sampleEdge(name, { condition: 'completed' });

/** Web, api and db in a row. */
export const chain = (): ServiceConfig[] => [service('db'), service('api', ['db']), service('web', ['api'])];

export const code = (of: number): ChildExit => ({ kind: 'code', code: of });
/** Without chance in its delays. */
export const restart = (more: Partial<ServiceConfig['restart']>): Pick<ServiceConfig, 'restart'> => ({
  restart: { ...sampleService('any').restart, jitter: 0, ...more },
});
export const crash = (afterMs: number): Behaviour => ({ endsAfterMs: afterMs, exit: code(1) });
/** It fails once, and nobody falls with it. */
export const ignored: More = { onFailure: 'ignore', ...restart({ policy: 'no' }) };

type Names = string | readonly string[];

export function asked<Kind extends Command['kind']>(
  atMs: number,
  kind: Kind,
  names: Names,
  more: Omit<Extract<Command, { kind: Kind }>, 'kind' | 'names'> & RequestOptions = {} as never,
): TimedRequest {
  const { id, dryRun, expect, failIfBusy, client, ...rest } = more as RequestOptions;
  const list = typeof names === 'string' ? names.split(' ') : names;
  const command = { kind, names: list, ...rest } as unknown as Command;
  const options = { id, expect, client, ...(dryRun && { dryRun }), ...(failIfBusy && { failIfBusy }) };
  return { atMs, request: { kind: 'command', command, options } };
}

/** The graph is to consist of these from then on. */
export function reload(
  atMs: number,
  services: readonly ServiceConfig[],
  {
    noRollback,
    budgetMs,
    ...options
  }: RequestOptions & Pick<Scenario, 'budgetMs'> & { readonly noRollback?: boolean } = {},
): TimedRequest {
  const command: Command = {
    kind: 'reload',
    names: [],
    plan: planOf({ services, ...(budgetMs !== undefined && { budgetMs }) }),
    ...(noRollback && { noRollback }),
  };
  return { atMs, request: { kind: 'command', command, options } };
}

export function add(atMs: number, spec: ServiceConfig, options: RequestOptions = {}): TimedRequest {
  const command: Command = { kind: 'add', names: [spec.name], service: spec };
  return { atMs, request: { kind: 'command', command, options } };
}

/** The same request, with what is heard of it. */
export function heard(request: TimedRequest): {
  readonly request: TimedRequest;
  readonly ticket: () => Ticket;
} {
  let ticket: Ticket | undefined;
  if (request.request.kind !== 'command') throw new Error('it is no command');
  const onTicket = (each: Ticket) => {
    ticket = each;
  };
  return { request: { ...request, request: { ...request.request, onTicket } }, ticket: () => ticket! };
}

export const signal = (atMs: number, name: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): TimedRequest => ({
  atMs,
  request: { kind: 'signal', signal: name },
});

/** Everything ready after 10 ms, and gone 10 ms after it is asked; it ends by SIGTERM at 100 s. */
export function run(
  services: readonly ServiceConfig[],
  requests: readonly TimedRequest[],
  behave: (service: string, attempt: number) => Behaviour = () => ({}),
  more: Partial<Scenario> = {},
): Promise<Simulated> {
  return simulate({
    services,
    behave: (name, attempt) => ({ readyAfterMs: 10, obeysAfterMs: 10, ...behave(name, attempt) }),
    requests: [...requests, signal(100_000)],
    interactive: false,
    ...more,
  });
}

const WORDS: Readonly<Record<string, string>> = {
  'service.starting': 'up',
  'service.ready': 'ready',
  'service.stopping': 'asked',
  'service.exited': 'exited',
  'service.killed': 'killed',
  'service.pending': 'pending',
  'service.stopped': 'stopped',
  'service.completed': 'completed',
  'service.failed': 'failed',
  'service.skipped': 'skipped',
  'service.backoff': 'backoff',
  'service.unhealthy': 'unhealthy',
  'service.removed': 'removed',
};

/** From that millisecond on, and before the end: `db.asked`, `r1 accepted [web api db]`, `r1 reached`. */
export function story(seen: Simulated, fromMs = 0, toMs = 100_000): string[] {
  return seen.events.filter(({ ms }) => ms >= fromMs && ms < toMs).flatMap(tell);
}

/** The same without the ends of main processes and what was pending. */
export function plot(seen: Simulated, fromMs = 0, toMs = 100_000): string[] {
  return story(seen, fromMs, toMs).filter((line) => !/\.(?:exited|pending)$/.test(line));
}

function tell(event: OrderlyEvent): string[] {
  switch (event.type) {
    case 'request.accepted':
      return [`${event.request} accepted [${event.plan.map((change) => change.service).join(' ')}]`];
    case 'request.settled':
      return [`${event.request} ${event.outcome}${event.by === undefined ? '' : ` by ${event.by}`}`];
    case 'request.refused':
      return [`${event.request} refused: ${event.code}`];
    case 'graph.changed':
      return [`graph ${event.generation} of ${event.base}: ${describeSwitch(event)}`];
    default: {
      const word = WORDS[event.type];
      return word === undefined || !('service' in event) ? [] : [`${event.service}.${word}`];
    }
  }
}

function describeSwitch({
  added,
  removed,
  changed,
}: OrderlyEvent & { readonly type: 'graph.changed' }): string {
  return [
    ...added.map((name) => `+${name}`),
    ...removed.map((name) => `-${name}`),
    ...changed.map((one) => `${one.service} ${one.keys.join(',')} ${one.class}`),
  ].join(' ');
}

export function settled(
  seen: Simulated,
  request: string,
): (OrderlyEvent & { type: 'request.settled' }) | undefined {
  return seen.events.find(
    (event): event is OrderlyEvent & { type: 'request.settled' } =>
      event.type === 'request.settled' && event.request === request,
  );
}

const STATES: Readonly<Record<string, string>> = {
  ...{ 'service.pending': 'pending', 'service.starting': 'starting', 'service.ready': 'ready' },
  ...{ 'service.stopping': 'stopping', 'service.cleaning': 'cleaning', 'service.backoff': 'backoff' },
  ...{ 'service.stopped': 'stopped', 'service.completed': 'completed', 'service.failed': 'failed' },
  'service.skipped': 'skipped',
};

/** `db ready#2`: the state of each service at that time, and the number of its instance, by name. */
export function statesAt(seen: Simulated, atMs: number): string {
  const states = new Map<string, string>();
  for (const event of seen.events) {
    const state = STATES[event.type];
    if (event.ms > atMs || state === undefined || !('attempt' in event)) continue;
    states.set(event.service, `${state}#${event.attempt}`);
  }
  return [...states]
    .map(([name, state]) => `${name} ${state}`)
    .sort()
    .join(', ');
}

/** The outcome of each request, and why: `r1 failed: "api" …`. */
export function outcomes(seen: Simulated): string[] {
  return seen.events.flatMap((event) => {
    if (event.type === 'request.settled')
      return [`${event.request} ${event.outcome}${event.why === undefined ? '' : `: ${event.why}`}`];
    return event.type === 'request.refused' ? [`${event.request} refused: ${event.why}`] : [];
  });
}
