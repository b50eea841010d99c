/**
 * What is counted of a run for as long as it lasts: a fold of events, the bytes that services write, and how long
 * probes took.
 *
 * It changes in place and makes nothing for a chunk of output or a probe.
 */
import type { OrderlyEvent, ProbeKind, ProbeResult, StreamName } from '../../../events/event.ts';
import type { FailureKind } from '../../../events/failure.ts';
import { stateAfter } from '../../../events/state-table.ts';
import { Histogram } from './histogram.ts';

/** How often something took its time, and how long altogether. */
export interface Took {
  count: number;
  ms: number;
}

export interface ServiceCounts {
  starts: number;
  restarts: number;
  kills: number;
  unhealthy: number;
  readonly failures: Map<FailureKind | 'unknown', number>;
  readonly cleanups: Map<'success' | 'failure' | 'timeout', number>;
  /** From the start of an instance until it was ready. */
  readonly ready: Took;
  /** From being asked to stop until its instance was gone. */
  readonly stops: Took;
  readonly bytes: Record<StreamName, number>;
  /** Undefined: none was made yet. */
  probes: Record<ProbeKind, Record<ProbeResult, Histogram>> | undefined;
  /** It was asked to stop, and isn't gone. */
  stoppingMs: number | undefined;
}

/** Lines that a reader or a file of the supervisor lacks. */
export interface DroppedLines {
  readonly output: StreamName | 'file';
  readonly service: string | undefined;
  lines: number;
}

export class Counters {
  readonly #services = new Map<string, ServiceCounts>();
  readonly #dropped = new Map<string, DroppedLines>();
  /** Kinds of those that are not settled. */
  readonly #open = new Map<string, string>();
  readonly #requests = new Map<string, { readonly kind: string; readonly outcome: string; count: number }>();

  /** Undefined: nothing was told of it yet. */
  service(name: string): ServiceCounts | undefined {
    return this.#services.get(name);
  }

  get dropped(): Iterable<DroppedLines> {
    return this.#dropped.values();
  }

  /** Requests that have come to their end, by kind and outcome. */
  get requests(): Iterable<{ readonly kind: string; readonly outcome: string; readonly count: number }> {
    return this.#requests.values();
  }

  get openRequests(): number {
    return this.#open.size;
  }

  wrote(service: string, stream: StreamName, bytes: number): void {
    this.#of(service).bytes[stream] += bytes;
  }

  probed(service: string, probe: ProbeKind, result: ProbeResult, tookMs: number): void {
    const counts = this.#of(service);
    counts.probes ??= { readiness: noProbes(), health: noProbes() };
    counts.probes[probe][result].observe(tookMs);
  }

  apply(event: OrderlyEvent): void {
    switch (event.type) {
      case 'request.accepted':
        this.#open.set(event.request, event.kind);
        return;
      case 'request.settled':
        this.#settle(this.#open.get(event.request) ?? 'unknown', event.outcome);
        this.#open.delete(event.request);
        return;
      case 'request.refused':
        this.#settle(event.kind, 'refused');
        return;
      case 'output.dropped':
        this.#drop(event);
        return;
      default:
        if (event.type.startsWith('service.') && 'attempt' in event) countOne(this.#of(event.service), event);
    }
  }

  #of(service: string): ServiceCounts {
    const known = this.#services.get(service);
    if (known !== undefined) return known;
    const counts = {
      ...{ starts: 0, restarts: 0, kills: 0, unhealthy: 0, stoppingMs: undefined },
      failures: new Map(),
      cleanups: new Map(),
      ready: { count: 0, ms: 0 },
      stops: { count: 0, ms: 0 },
      bytes: { stdout: 0, stderr: 0 },
      probes: undefined,
    };
    this.#services.set(service, counts);
    return counts;
  }

  #settle(kind: string, outcome: string): void {
    const key = `${kind} ${outcome}`;
    const known = this.#requests.get(key);
    if (known === undefined) this.#requests.set(key, { kind, outcome, count: 1 });
    else known.count++;
  }

  #drop({ lines, stream, file, service }: OrderlyEvent & { readonly type: 'output.dropped' }): void {
    const output = file === undefined ? (stream ?? 'stdout') : 'file';
    const key = `${output} ${service ?? ''}`;
    const known = this.#dropped.get(key);
    if (known === undefined) this.#dropped.set(key, { output, service, lines });
    else known.lines += lines;
  }
}

function noProbes(): Record<ProbeResult, Histogram> {
  return { success: new Histogram(), failure: new Histogram(), error: new Histogram() };
}

function countOne(counts: ServiceCounts, event: OrderlyEvent): void {
  if (counts.stoppingMs !== undefined && stateAfter(event) !== undefined) {
    add(counts.stops, event.ms - counts.stoppingMs);
    counts.stoppingMs = undefined;
  }
  switch (event.type) {
    case 'service.starting':
      counts.starts++;
      return;
    case 'service.ready':
      add(counts.ready, event.after_ms);
      return;
    case 'service.unhealthy':
      counts.unhealthy++;
      return;
    case 'service.stopping':
      counts.stoppingMs = event.ms;
      return;
    case 'service.killed':
      counts.kills++;
      return;
    case 'service.cleanup':
      increment(counts.cleanups, event.timed_out ? 'timeout' : event.code === 0 ? 'success' : 'failure');
      return;
    case 'service.backoff':
      counts.restarts++;
      increment(counts.failures, event.kind ?? 'unknown');
      return;
    case 'service.failed':
      increment(counts.failures, event.kind);
  }
}

function add(took: Took, ms: number): void {
  took.count++;
  took.ms += Math.max(0, ms);
}

function increment<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
