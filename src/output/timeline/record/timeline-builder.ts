/**
 * Makes a timeline of events, one after the other. It believes what they say, but not in what order they come.
 */
import type { OrderlyEvent } from '../../../events/event.ts';
import type { Dependency } from '../../../events/fact-shape.ts';
import { printable } from '../../../events/printable.ts';
import type { Timeline } from '../timeline.ts';
import { LaneBuilder } from './lane-builder.ts';

type EventOf<Type extends OrderlyEvent['type']> = Extract<OrderlyEvent, { readonly type: Type }>;

export class TimelineBuilder {
  readonly #lanes = new Map<string, LaneBuilder>();
  readonly #escalations: { readonly ms: number; readonly level: number }[] = [];
  #dependencies: ReadonlyMap<string, readonly Dependency[]> = new Map();
  #started: EventOf<'run.started'> | undefined;
  #shutdown: Timeline['shutdown'];
  #finished: Timeline['finished'];
  #endMs = 0;

  /** It has had the beginning of a run. */
  get begun(): boolean {
    return this.#started !== undefined;
  }

  /** Takes the next event; what is wrong with it, a clause, or undefined. */
  add(event: OrderlyEvent): string | undefined {
    if (this.#started === undefined && event.type !== 'run.started') {
      return 'the record of a run begins with "run.started"';
    }
    if (this.#started !== undefined && event.type === 'run.started') return 'another run begins here';
    if (event.ms < this.#endMs) return `its time, ${event.ms} ms, is before that of the event before it`;
    this.#endMs = event.ms;
    this.#fold(event);
    return undefined;
  }

  /** Call it after `run.started` has come. */
  finish(): Timeline {
    const { name, time: since, ms: startMs } = this.#started!;
    const awaited = new Set(
      [...this.#lanes.values()]
        .flatMap(({ dependencies }) => dependencies)
        .filter(({ condition }) => condition === 'completed')
        .map(({ service }) => service),
    );
    return {
      name,
      since,
      startMs,
      endMs: this.#endMs,
      lanes: [...this.#lanes].map(([service, lane]) => lane.finish(this.#endMs, awaited.has(service))),
      shutdown: this.#shutdown,
      escalations: this.#escalations,
      finished: this.#finished,
    };
  }

  #fold(event: OrderlyEvent): void {
    switch (event.type) {
      case 'run.started':
        this.#started = event;
        this.#dependencies = dependenciesIn(event);
        for (const service of event.services) this.#lane(service, event.ms);
        break;
      case 'graph.changed':
        this.#dependencies = new Map([...this.#dependencies, ...dependenciesIn(event)]);
        for (const service of event.added) this.#lane(service, event.ms);
        break;
      case 'run.finished':
        this.#finished = { status: event.status, cause: event.cause };
        break;
      case 'shutdown.requested':
        this.#shutdown ??= { ms: event.ms, cause: event.cause };
        break;
      case 'shutdown.escalated':
        this.#escalations.push({ ms: event.ms, level: event.level });
        break;
      default:
        if ('attempt' in event) this.#lane(event.service, this.#started!.ms).add(event);
    }
  }

  #lane(service: string, startMs: number): LaneBuilder {
    let lane = this.#lanes.get(service);
    if (lane === undefined) {
      lane = new LaneBuilder(service, this.#dependencies.get(service) ?? [], startMs);
      this.#lanes.set(service, lane);
    }
    return lane;
  }
}

/** By service. Records before there were any have none. */
function dependenciesIn({
  dependencies,
}: EventOf<'run.started' | 'graph.changed'>): ReadonlyMap<string, readonly Dependency[]> {
  const all: readonly (readonly [string, unknown])[] = Object.entries(dependencies ?? {});
  return new Map(
    all.map(([service, own]) => [printable(service), Array.isArray(own) ? own.filter(isDependency) : []]),
  );
}

function isDependency(one: Partial<Dependency> | undefined): boolean {
  return typeof one?.service === 'string' && typeof one.condition === 'string';
}
