/**
 * Runs told in few words, as records: for tests of what is drawn of them.
 */
import type { Fact, OrderlyEvent } from '../../../../src/events/event.ts';
import type { Dependency } from '../../../../src/events/fact-shape.ts';
import { RecordReader } from '../../../../src/output/timeline/record/reader.ts';
import type { Timeline } from '../../../../src/output/timeline/timeline.ts';

type ServiceType = Extract<Fact, { readonly attempt: number }>['type'];

/** When, and what. */
export type Told = readonly [ms: number, fact: Fact | Record<string, unknown>];

/** What other fields an event of a service has, where a test doesn't care. */
const USUAL: Partial<Record<ServiceType, object>> = {
  'service.pending': { waiting_for: [] },
  'service.before': { run: './migrate.sh', pid: 1 },
  'service.starting': { pid: 1 },
  'service.ready': { after_ms: 1, evidence: 'spawned', values: {} },
  'service.unhealthy': { failures: 3, detail: 'http answered 500' },
  'service.exited': { code: 0, asked: true },
  'service.backoff': { delay_ms: 100, failures: 1, cause: 'exited with code 1' },
  'service.stopping': { reason: 'SIGTERM', deadline_ms: 0 },
  'service.killed': { reason: 'it did not end within its grace of 10 s' },
  'service.cleaning': { count: 1 },
  'service.cleanup': { run: 'rm lock', code: 0, took_ms: 1, timed_out: false },
  'service.failed': { cause: 'exited with code 1', output: [] },
  'service.skipped': { because: '"db" failed' },
};

/** `of(12, 'db', 'ready')` is `service.ready` of the first instance of `db`. */
export function of(ms: number, service: string, deed: string, more: object = {}): Told {
  const type = `service.${deed}` as ServiceType;
  return [ms, { type, service, attempt: 1, ...USUAL[type], ...more }];
}

export function started(
  ms: number,
  needs: Readonly<Record<string, readonly (string | Dependency)[]>>,
  name = 'shop',
): Told {
  const dependencies = Object.entries(needs).map(([service, names]) => [
    service,
    names.map((one) => (typeof one === 'string' ? { service: one, condition: 'ready' } : one)),
  ]);
  const services = Object.keys(needs);
  return [
    ms,
    { type: 'run.started', name, services, dependencies: Object.fromEntries(dependencies), pid: 1 },
  ];
}

export function shutdown(ms: number, cause: object = { kind: 'signal', signal: 'SIGTERM' }): Told {
  return [ms, { type: 'shutdown.requested', cause, budget_ms: 28_000 }];
}

export function finished(ms: number, status = 143, cause = 'SIGTERM'): Told {
  return [ms, { type: 'run.finished', status, cause, survivors: [] }];
}

/** As `--record` writes them. */
export function recordOf(...told: readonly Told[]): string {
  return told
    .map(([ms, fact], index) =>
      JSON.stringify({ seq: index + 1, time: '2000-01-01T00:00:00.000Z', ms, ...fact }),
    )
    .map((line) => `${line}\n`)
    .join('');
}

export function timelineOf(...told: readonly Told[]): Timeline {
  return timelineIn(recordOf(...told));
}

export function timelineOfEvents(events: readonly OrderlyEvent[]): Timeline {
  return timelineIn(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
}

function timelineIn(text: string): Timeline {
  const reader = new RecordReader();
  reader.push(Buffer.from(text));
  const record = reader.end();
  if (record.kind === 'bad') throw new Error(`line ${record.line}: ${record.why}`);
  return record.timeline;
}

const completed = (service: string): Dependency => ({ service, condition: 'completed' });

/** db and cache, a migration, an api, a web: started, and stopped in order. */
export const goodRun: readonly Told[] = [
  started(10, { db: [], cache: [], migrate: ['db'], api: [completed('migrate'), 'cache'], web: ['api'] }),
  of(20, 'db', 'starting'),
  of(25, 'cache', 'starting'),
  of(60, 'cache', 'ready'),
  of(110, 'db', 'ready', { evidence: 'tcp 127.0.0.1:5432 after 90 ms' }),
  of(120, 'migrate', 'starting'),
  of(310, 'migrate', 'exited', { asked: false }),
  of(310, 'migrate', 'completed'),
  of(320, 'api', 'starting'),
  of(400, 'api', 'ready'),
  of(410, 'web', 'starting'),
  of(430, 'web', 'ready'),
  shutdown(1000),
  of(1000, 'web', 'stopping'),
  of(1020, 'web', 'exited'),
  of(1020, 'web', 'stopped'),
  of(1020, 'api', 'stopping'),
  of(1100, 'api', 'exited'),
  of(1100, 'api', 'cleaning'),
  of(1130, 'api', 'cleanup'),
  of(1130, 'api', 'stopped'),
  of(1130, 'db', 'stopping'),
  of(1130, 'cache', 'stopping'),
  of(1140, 'cache', 'exited'),
  of(1140, 'cache', 'stopped'),
  of(1190, 'db', 'exited'),
  of(1190, 'db', 'stopped'),
  finished(1200),
];

const DAY_MS = 86_400_000;

/** Three days, of which two seconds are the start, one the shutdown, and some minutes an incident. */
export function longRun(): readonly Told[] {
  const incidentMs = DAY_MS + 5_000_000;
  const downMs = 3 * DAY_MS - 1500;
  return [
    started(5, { db: [], api: ['db'] }),
    of(10, 'db', 'starting'),
    of(1200, 'db', 'ready'),
    of(1210, 'api', 'starting'),
    of(2000, 'api', 'ready'),
    of(incidentMs, 'api', 'unhealthy'),
    of(incidentMs + 800, 'api', 'healthy'),
    of(incidentMs + 1500, 'api', 'exited', { code: 1, asked: false }),
    of(incidentMs + 1510, 'api', 'backoff'),
    of(incidentMs + 1610, 'api', 'starting', { attempt: 2 }),
    of(incidentMs + 2300, 'api', 'ready', { attempt: 2 }),
    shutdown(downMs),
    of(downMs, 'api', 'stopping', { attempt: 2 }),
    [downMs + 300, { type: 'shutdown.escalated', level: 2 }],
    of(downMs + 300, 'api', 'killed', { attempt: 2 }),
    of(downMs + 320, 'api', 'exited', { attempt: 2, signal: 'SIGKILL' }),
    of(downMs + 320, 'api', 'stopped', { attempt: 2 }),
    of(downMs + 320, 'db', 'stopping'),
    of(downMs + 1000, 'db', 'exited'),
    of(downMs + 1000, 'db', 'stopped'),
    finished(downMs + 1000, 3, '"api" had to be killed'),
  ];
}

/** A chain in which every fifth starts anew, as wide as it is deep. */
export function largeRun(count: number): readonly Told[] {
  const name = (index: number) => `service-${String(index).padStart(3, '0')}`;
  const depth = (index: number) => index % 20;
  const needs = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [name(index), depth(index) === 0 ? [] : [name(index - 1)]]),
  );
  const told = Object.keys(needs).flatMap((service, index): Told[] => [
    of(20 + depth(index) * 100, service, 'starting'),
    of(20 + depth(index) * 100 + 60 + (index % 7) * 5, service, 'ready'),
    of(4000 + (19 - depth(index)) * 50, service, 'stopping'),
    of(4000 + (19 - depth(index)) * 50 + 40, service, 'exited'),
    of(4000 + (19 - depth(index)) * 50 + 40, service, 'stopped'),
  ]);
  const inOrder = [...told, shutdown(4000)].sort(([a], [b]) => a - b);
  return [started(1, needs, 'large'), ...inOrder, finished(5100)];
}
