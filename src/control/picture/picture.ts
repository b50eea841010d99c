/**
 * Each service as it is told to whoever asks: state, what is wanted, restarts. A fold of events, like everything shown.
 *
 * It changes in place; what is asked for is made anew from it.
 */
import type { OrderlyEvent } from '../../events/event.ts';
import type { Dependency, ToldDefinition } from '../../events/fact-shape.ts';
import { stateAfter } from '../../events/state-table.ts';
import type { RunStatus } from '../../events/status.ts';
import { StatusTracker } from '../../events/status-tracker.ts';
import type { ServiceAnswer, WantedAnswer } from '../protocol.ts';
import { RequestBook } from './request-book.ts';
import { fieldsOf } from './status-fields.ts';

/** What is kept of one service beside its status. */
interface Known {
  wanted: WantedAnswer;
  dependencies: readonly Dependency[];
  /** Undefined: it was not told. */
  definition: ToldDefinition | undefined;
  /** The number of the event that put it into its state. */
  movedSeq: number;
  restartsSinceWish: number;
  /** Clean-ups of its last instance that have ended. */
  cleanedUp: number;
  /** The last event of each type. */
  readonly last: Map<OrderlyEvent['type'], OrderlyEvent>;
}

/** How a service left the graph. */
export interface Removal {
  readonly request: string;
  readonly ms: number;
  readonly seq: number;
}

type EventOf<Type extends OrderlyEvent['type']> = OrderlyEvent & { readonly type: Type };

export class Picture {
  readonly requests = new RequestBook();
  readonly #tracker = new StatusTracker();
  readonly #known = new Map<string, Known>();
  readonly #removed = new Map<string, Removal>();
  /** In all, by the names that services have, or had. */
  readonly #restarts = new Map<string, number>();
  #shutdownSeq = 0;
  #generation = 1;
  #seq = 0;

  get status(): RunStatus {
    return this.#tracker.status;
  }

  get generation(): number {
    return this.#generation;
  }

  /** Of the last event. */
  get seq(): number {
    return this.#seq;
  }

  /** Of the event by which everything goes down. */
  get shutdownSeq(): number {
    return this.#shutdownSeq;
  }

  /** In the order of the graph; what was added comes last. */
  get names(): readonly string[] {
    return [...this.status.services.keys()];
  }

  apply(event: OrderlyEvent): void {
    this.#seq = event.seq;
    this.#tracker.apply(event);
    this.requests.apply(event, (service) => this.status.services.get(service));
    switch (event.type) {
      case 'run.started': {
        const { services, selection = services } = event;
        for (const service of services) this.#join(service, selection.includes(service), event);
        this.#define(event);
        return;
      }
      case 'graph.changed':
        this.#generation = event.generation;
        for (const service of event.added) this.#join(service, true, event);
        this.#define(event);
        return;
      case 'shutdown.requested':
        this.#shutdownSeq = event.seq;
        return;
      case 'service.removed':
        this.#remove(event);
        return;
    }
    const known = 'service' in event && event.service !== undefined && this.#known.get(event.service);
    if (known) this.#take(known, event);
  }

  /** The last event of that type that is about it. */
  last<Type extends OrderlyEvent['type']>(service: string, type: Type): EventOf<Type> | undefined {
    return this.#known.get(service)?.last.get(type) as EventOf<Type> | undefined;
  }

  /** The number of the event that put it into its state. */
  movedSeq(service: string): number {
    return this.#known.get(service)?.movedSeq ?? 0;
  }

  /** How many clean-ups of its last instance have ended. */
  cleanedUp(service: string): number {
    return this.#known.get(service)?.cleanedUp ?? 0;
  }

  /** Undefined: it is there, or never was. */
  removal(service: string): Removal | undefined {
    return this.#removed.get(service);
  }

  dependencies(service: string): readonly Dependency[] {
    return this.#known.get(service)?.dependencies ?? [];
  }

  /** By what it can be chosen beside its name. */
  about(service: string): Pick<ToldDefinition, 'labels' | 'replica_of'> {
    const { labels, replica_of } = this.#known.get(service)?.definition ?? {};
    return { ...(labels && { labels }), ...(replica_of !== undefined && { replica_of }) };
  }

  dependents(service: string): readonly string[] {
    return this.names.filter((name) => this.dependencies(name).some((edge) => edge.service === service));
  }

  /** What was wanted of it by requests: that everything goes down is left out. */
  asked(service: string): WantedAnswer | undefined {
    return this.#known.get(service)?.wanted;
  }

  /** Undefined: there is no such service. */
  service(name: string): ServiceAnswer | undefined {
    const status = this.status.services.get(name);
    const known = this.#known.get(name);
    if (status === undefined || known === undefined) return undefined;
    return {
      service: name,
      state: status.state,
      since_ms: status.sinceMs,
      attempt: status.attempt,
      wanted: this.#wantedOf(known),
      restarts: { since_wish: known.restartsSinceWish, all: this.#restarts.get(name) ?? 0 },
      ...this.about(name),
      ...fieldsOf(status),
    };
  }

  #wantedOf({ wanted }: Known): WantedAnswer {
    const { shutdown } = this.status;
    if (shutdown === undefined) return wanted;
    return { want: 'down', wish: wanted.wish + 1, open: true, since_ms: shutdown.sinceMs, by: 'shutdown' };
  }

  #join(service: string, isSelected: boolean, { ms, seq }: OrderlyEvent): void {
    const wish = { wish: 1, open: true, since_ms: ms };
    const wanted: WantedAnswer = isSelected
      ? { want: 'up', ...wish, by: 'file' }
      : { want: 'down', ...wish, by: 'selection', reason: 'it was not selected' };
    this.#removed.delete(service);
    this.#known.set(service, {
      ...{
        wanted,
        dependencies: [],
        definition: undefined,
        movedSeq: seq,
        restartsSinceWish: 0,
        cleanedUp: 0,
      },
      last: new Map(),
    });
  }

  #define({ dependencies, definitions = {} }: EventOf<'run.started' | 'graph.changed'>): void {
    for (const [service, edges] of Object.entries(dependencies)) {
      const known = this.#known.get(service);
      if (known !== undefined) known.dependencies = edges;
    }
    for (const [service, definition] of Object.entries(definitions)) {
      const known = this.#known.get(service);
      if (known !== undefined) known.definition = definition;
    }
  }

  #take(known: Known, event: OrderlyEvent): void {
    known.last.set(event.type, event);
    if (stateAfter(event) !== undefined) known.movedSeq = event.seq;
    switch (event.type) {
      case 'service.wanted':
        this.#want(known, event);
        break;
      case 'service.backoff':
        known.restartsSinceWish += 1;
        this.#restarts.set(event.service, (this.#restarts.get(event.service) ?? 0) + 1);
        break;
      case 'service.cleaning':
        known.cleanedUp = 0;
        break;
      case 'service.cleanup':
        known.cleanedUp += 1;
        break;
      case 'service.completed':
      case 'service.failed':
        known.wanted = { ...known.wanted, open: false };
        break;
      case 'service.stopped':
        if (event.spent === true) known.wanted = { ...known.wanted, open: false };
    }
  }

  #want(
    known: Known,
    { service, wish, want, by, request, reason, along, spent, ms }: EventOf<'service.wanted'>,
  ): void {
    known.wanted = {
      ...{ want, wish, open: spent !== true, since_ms: ms, by, request },
      ...(reason !== undefined && { reason }),
      ...(along !== undefined && { along }),
    };
    if (want !== 'up') return;
    known.restartsSinceWish = 0;
    this.#goesAlongNoMore(service);
  }

  /** What was stopped along with it waits for fewer now. */
  #goesAlongNoMore(service: string): void {
    for (const known of this.#known.values()) {
      const { along } = known.wanted;
      if (along?.includes(service) !== true) continue;
      known.wanted = { ...known.wanted, along: along.filter((one) => one !== service) };
    }
  }

  #remove({ service, request, ms, seq }: EventOf<'service.removed'>): void {
    this.#removed.set(service, { request, ms, seq });
    this.#known.delete(service);
    this.#goesAlongNoMore(service);
  }
}
