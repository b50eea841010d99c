/**
 * The lane of one service, made of its events: each moves it into another state, or is a mark on it.
 */
import { describeExit } from '../../../events/describe.ts';
import type { OrderlyEvent } from '../../../events/event.ts';
import { exitOf } from '../../../events/exit-fact.ts';
import type { Dependency } from '../../../events/fact-shape.ts';
import { isRest, stateAfter } from '../../../events/state-table.ts';
import type { InstanceMoment, Lane, LaneEnd, Mark, MarkKind, Segment, SegmentState } from '../timeline.ts';

type ServiceEvent = Extract<OrderlyEvent, { readonly attempt: number }>;
type EventOf<Type extends OrderlyEvent['type']> = Extract<OrderlyEvent, { readonly type: Type }>;

export class LaneBuilder {
  readonly service: string;
  readonly dependencies: readonly Dependency[];
  readonly #segments: Segment[] = [];
  readonly #marks: Mark[] = [];
  readonly #starts: (InstanceMoment & { readonly spawned: boolean })[] = [];
  readonly #readies: InstanceMoment[] = [];
  readonly #stops: InstanceMoment[] = [];
  readonly #exits: Lane['exits'][number][] = [];
  #open: Omit<Segment, 'toMs'>;
  #end: LaneEnd | undefined;

  constructor(service: string, dependencies: readonly Dependency[], startMs: number) {
    this.service = service;
    this.dependencies = dependencies;
    this.#open = { state: 'waiting', fromMs: startMs, attempt: 0, detail: '' };
  }

  add(event: ServiceEvent): void {
    if (this.#end !== undefined) {
      // What is told about a service at rest moves it no more, unless somebody wants it again.
      if (event.type !== 'service.pending' && event.type !== 'service.starting') return;
      this.#close(this.#end.ms);
      this.#open = { state: 'waiting', fromMs: event.ms, attempt: event.attempt, detail: '' };
      this.#end = undefined;
    }
    this.#note(event);
    const state = stateAfter(event);
    if (state === undefined) return;
    if (isRest(state)) this.#finishWith(event);
    else this.#move(state === 'pending' ? 'waiting' : (state as SegmentState), event, detailOf(event));
  }

  /** `isAwaited`: another service waits for its end. */
  finish(endMs: number, isAwaited: boolean): Lane {
    this.#close(this.#end?.ms ?? endMs);
    const isTask = this.#readies.length === 0 && (isAwaited || this.#end?.kind === 'completed');
    const named = (segment: Segment): Segment =>
      isTask && segment.state === 'starting' ? { ...segment, state: 'running' } : segment;
    return {
      service: this.service,
      isTask,
      dependencies: this.dependencies,
      segments: this.#segments.map(named),
      marks: this.#marks,
      starts: this.#starts,
      readies: this.#readies,
      stops: this.#stops,
      exits: this.#exits,
      end: this.#end,
    };
  }

  /** What is kept beside the state that it moves to, if it moves at all. */
  #note(event: ServiceEvent): void {
    const { ms, attempt } = event;
    switch (event.type) {
      case 'service.starting':
        this.#starts.push({ ms, attempt, spawned: typeof event.pid === 'number' });
        break;
      case 'service.ready':
        this.#readies.push({ ms, attempt });
        break;
      case 'service.stopping':
        this.#stops.push({ ms, attempt });
        break;
      case 'service.exited':
        this.#exited(event);
        break;
      case 'service.unhealthy':
        this.#mark('unhealthy', event, event.detail);
        if (this.#open.state === 'ready') this.#move('unhealthy', event, event.detail);
        break;
      case 'service.healthy':
        if (this.#open.state === 'unhealthy') this.#move('ready', event, 'healthy again');
        break;
      case 'service.killed':
        this.#mark('killed', event, event.reason);
        break;
      case 'service.cleanup':
        if (event.error !== undefined) this.#mark('cleanup-failed', event, `"${event.run}" ${event.error}`);
        break;
    }
  }

  /** What is left of it is being stopped from then on, whether or not it had been asked. */
  #exited(event: EventOf<'service.exited'>): void {
    const { ms, attempt, code, signal, outcome, asked } = event;
    const text = describeExit(exitOf(event));
    this.#exits.push({ ms, attempt, text, asked });
    const wasFine = outcome === undefined ? code === 0 && signal === undefined : outcome === 'returned';
    if (!asked && !wasFine) this.#mark('ended', event, text);
    if (this.#open.state !== 'stopping') this.#move('stopping', event, text);
  }

  #finishWith(event: ServiceEvent): void {
    const { ms } = event;
    if (event.type === 'service.failed') this.#end = { kind: 'failed', ms, why: event.cause };
    else if (event.type === 'service.skipped') this.#end = { kind: 'skipped', ms, why: event.because };
    else this.#end = { kind: event.type === 'service.completed' ? 'completed' : 'stopped', ms, why: '' };
  }

  #mark(kind: MarkKind, { ms, attempt }: ServiceEvent, text: string): void {
    this.#marks.push({ kind, ms, attempt, text });
  }

  #move(state: SegmentState, { ms, attempt }: ServiceEvent, detail: string): void {
    this.#close(ms);
    this.#open = { state, fromMs: ms, attempt, detail };
  }

  #close(toMs: number): void {
    if (toMs > this.#open.fromMs) this.#segments.push({ ...this.#open, toMs });
  }
}

function detailOf(event: ServiceEvent): string {
  switch (event.type) {
    case 'service.pending':
      return event.waiting_for.map((one) => one?.service ?? '').join(', ');
    case 'service.before':
      return event.run;
    case 'service.ready':
      return event.evidence;
    case 'service.stopping':
      return event.reason;
    case 'service.backoff':
      return event.cause;
    default:
      return '';
  }
}
