/**
 * Figures of a run, as families of samples. Pure.
 */
import { ALLOWED_MOVES, type ServiceState } from '../../../events/state-table.ts';
import type { OwnUsage, TreeUsage } from '../../../process/usage-ports.ts';
import type { Picture } from '../../picture/picture.ts';
import type { ServiceAnswer } from '../../protocol.ts';
import type { Counters, ServiceCounts, Took } from './counters.ts';
import type { Family, Sample } from './exposition.ts';

export interface Measured {
  readonly run: string;
  readonly name: string;
  readonly version: string;
  readonly picture: Picture;
  readonly counters: Counters;
  readonly nowMs: number;
  readonly own: OwnUsage;
  /** By service. */
  readonly trees: ReadonlyMap<string, TreeUsage>;
}

export function familiesOf(measured: Measured): readonly Family[] {
  return [
    ...runFamilies(measured),
    ...serviceFamilies(measured),
    ...countedFamilies(measured),
    ...treeFamilies(measured),
    ...ownFamilies(measured.own),
  ];
}

function runFamilies({ run, name, version, picture, counters, nowMs }: Measured): readonly Family[] {
  return [
    gauge('orderly_run_info', 'Which run it is; always 1.', [{ labels: { run, name, version }, value: 1 }]),
    gauge('orderly_run_uptime_seconds', 'How long the run has lasted.', one(nowMs / 1000)),
    gauge(
      'orderly_run_shutting_down',
      'Whether everything goes down.',
      one(picture.status.shutdown === undefined ? 0 : 1),
    ),
    gauge('orderly_run_generation', 'Of the graph in force, from 1.', one(picture.generation)),
    counter('orderly_events_total', 'Events of the run.', one(picture.seq)),
    gauge('orderly_requests_open', 'Requests that are not settled.', one(counters.openRequests)),
    counter(
      'orderly_requests_total',
      'Requests that were settled or refused.',
      [...counters.requests].map(({ kind, outcome, count }) => ({ labels: { kind, outcome }, value: count })),
    ),
    counter(
      'orderly_output_dropped_lines_total',
      'Lines that an output of the supervisor lacks, since its reader or its file was too slow, or failed.',
      [...counters.dropped].map(({ output, service, lines }) => ({
        labels: { output, ...(service !== undefined && { service }) },
        value: lines,
      })),
    ),
  ];
}

/** As it is now. */
function serviceFamilies({ picture, nowMs }: Measured): readonly Family[] {
  const services = picture.names.map((name) => picture.service(name)!);
  const each = (value: (service: ServiceAnswer) => number | undefined): readonly Sample[] =>
    services.flatMap((answer) => {
      const figure = value(answer);
      return figure === undefined ? [] : [{ labels: { service: answer.service }, value: figure }];
    });
  const states = Object.keys(ALLOWED_MOVES) as ServiceState[];
  return [
    gauge(
      'orderly_service_state',
      'Whether a service is in that state.',
      services.flatMap(({ service, state }) =>
        states.map((one) => ({ labels: { service, state: one }, value: one === state ? 1 : 0 })),
      ),
    ),
    gauge(
      'orderly_service_state_seconds',
      'How long it has been in its state.',
      each(({ since_ms }) => Math.max(0, nowMs - since_ms) / 1000),
    ),
    gauge(
      'orderly_service_wanted',
      'Whether it is wanted up.',
      each(({ wanted }) => (wanted.want === 'up' ? 1 : 0)),
    ),
    gauge(
      'orderly_service_healthy',
      'Whether one that is ready is as it should be, by its health checks and its watchdog.',
      each(({ state, unhealthy }) => (state === 'ready' ? Number(unhealthy === undefined) : undefined)),
    ),
    gauge(
      'orderly_service_last_ready_duration_seconds',
      'How long its last instance that became ready took for that.',
      each(({ service }) => {
        const afterMs = picture.last(service, 'service.ready')?.after_ms;
        return afterMs === undefined ? undefined : afterMs / 1000;
      }),
    ),
  ];
}

/** Since the run began. */
function countedFamilies({ picture, counters }: Measured): readonly Family[] {
  type Of = (counts: ServiceCounts, service: string) => readonly Sample[];
  const all = (of: Of): readonly Sample[] =>
    picture.names.flatMap((service) => {
      const counts = counters.service(service);
      return counts === undefined ? [] : of(counts, service);
    });
  const each = (value: (counts: ServiceCounts) => number): readonly Sample[] =>
    all((counts, service) => [{ labels: { service }, value: value(counts) }]);
  const by = (label: string, counted: (counts: ServiceCounts) => Iterable<readonly [string, number]>) =>
    all((counts, service) =>
      [...counted(counts)].map(([key, value]) => ({ labels: { service, [label]: key }, value })),
    );
  const took = (of: (counts: ServiceCounts) => Took): readonly Sample[] =>
    all((counts, service) => [
      { labels: { service }, value: of(counts).ms / 1000, suffix: '_sum' },
      { labels: { service }, value: of(counts).count, suffix: '_count' },
    ]);
  return [
    counter(
      'orderly_service_starts_total',
      'Instances that were started.',
      each(({ starts }) => starts),
    ),
    counter(
      'orderly_service_restarts_total',
      'Restarts after failures.',
      each(({ restarts }) => restarts),
    ),
    counter(
      'orderly_service_failures_total',
      'Failures, those that a restart followed included.',
      by('kind', ({ failures }) => failures),
    ),
    counter(
      'orderly_service_unhealthy_total',
      'How often its health checks or its watchdog found it unhealthy.',
      each(({ unhealthy }) => unhealthy),
    ),
    counter(
      'orderly_service_kills_total',
      'Instances that had to be killed.',
      each(({ kills }) => kills),
    ),
    counter(
      'orderly_service_cleanups_total',
      'Clean-ups.',
      by('result', ({ cleanups }) => cleanups),
    ),
    summary(
      'orderly_service_ready_duration_seconds',
      'How long instances took to become ready.',
      took(({ ready }) => ready),
    ),
    summary(
      'orderly_service_stop_duration_seconds',
      'How long instances took from being asked to stop until they were gone.',
      took(({ stops }) => stops),
    ),
    {
      name: 'orderly_service_probe_duration_seconds',
      type: 'histogram',
      help: 'How long attempts at its readiness probe and its health check took, by what came of them.',
      samples: all(probeSamples),
    },
    counter(
      'orderly_service_output_bytes_total',
      'What it wrote, as far as the supervisor reads it.',
      by('stream', ({ bytes }) => Object.entries(bytes)),
    ),
  ];
}

function probeSamples({ probes }: ServiceCounts, service: string): readonly Sample[] {
  return Object.entries(probes ?? {}).flatMap(([probe, results]) =>
    Object.entries(results).flatMap(([result, histogram]) => histogram.samples({ service, probe, result })),
  );
}

function treeFamilies({ picture, trees }: Measured): readonly Family[] {
  const each = (value: (usage: TreeUsage) => number): readonly Sample[] =>
    picture.names.flatMap((service) => {
      const usage = trees.get(service);
      return usage === undefined ? [] : [{ labels: { service }, value: value(usage) }];
    });
  return [
    gauge(
      'orderly_service_processes',
      'Processes of its instance.',
      each(({ processes }) => processes),
    ),
    counter(
      'orderly_service_cpu_seconds_total',
      'Processor time of its instance; another instance begins anew.',
      each(({ cpuSeconds }) => cpuSeconds),
    ),
    gauge(
      'orderly_service_resident_memory_bytes',
      'Memory of the processes of its instance; what they share counts for each.',
      each(({ residentBytes }) => residentBytes),
    ),
  ];
}

/** Of the supervisor itself. */
function ownFamilies({ cpuSeconds, residentBytes, heapBytes, openFiles, loop }: OwnUsage): readonly Family[] {
  const { delay } = loop;
  return [
    counter('orderly_process_cpu_seconds_total', 'Processor time of the supervisor.', one(cpuSeconds)),
    gauge('orderly_process_resident_memory_bytes', 'Memory of the supervisor.', one(residentBytes)),
    gauge('orderly_process_heap_bytes', 'What is used of its heap.', one(heapBytes)),
    gauge(
      'orderly_process_open_files',
      'Its open descriptors.',
      openFiles === undefined ? [] : one(openFiles),
    ),
    counter(
      'orderly_event_loop_busy_seconds_total',
      'How long its loop was not idle.',
      one(loop.busySeconds),
    ),
    gauge(
      'orderly_event_loop_delay_seconds',
      'How late its loop was since this was asked for the time before; measured from the first time on.',
      delay === undefined
        ? []
        : Object.entries(delay).map(([statistic, value]) => ({ labels: { statistic }, value })),
    ),
  ];
}

function one(value: number): readonly Sample[] {
  return [{ labels: {}, value }];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: 'gauge', help, samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: 'counter', help, samples };
}

function summary(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, type: 'summary', help, samples };
}
