/**
 * Each service as it is told to whoever asks: state, what is wanted, restarts. A fold of events, like everything shown.
 *
 * It changes in place; what is asked for is made anew from it.
 */
import type { OrderlyEvent } from '../../events/event.ts';
import type { Dependency } from '../../events/fact-shape.ts';
import type { RunStatus, ServiceStatus } from '../../events/status.ts';
import { StatusTracker } from '../../events/status-tracker.ts';
import type { ServiceAnswer, WantedAnswer } from '../protocol.ts';

interface Counts {
  sinceWish: number;
  all: number;
}

const WANTED_BY_THE_FILE: WantedAnswer = { want: 'up', wish: 1, by: 'file' };
const NOT_SELECTED: WantedAnswer = {
  want: 'down',
  wish: 1,
  by: 'selection',
  reason: 'it was not selected',
};

export class Picture {
  readonly #tracker = new StatusTracker();
  readonly #wanted = new Map<string, WantedAnswer>();
  readonly #counts = new Map<string, Counts>();
  /** Of each service the last event of each type. */
  readonly #last = new Map<string, Map<OrderlyEvent['type'], OrderlyEvent>>();
  readonly #dependencies = new Map<string, readonly Dependency[]>();
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

  /** In the order of the graph; what was added comes last. */
  get names(): readonly string[] {
    return [...this.status.services.keys()];
  }

  apply(event: OrderlyEvent): void {
    this.#seq = event.seq;
    this.#tracker.apply(event);
    if (event.type === 'run.started') {
      const { services, selection = services } = event;
      for (const service of services)
        this.#wanted.set(service, selection.includes(service) ? WANTED_BY_THE_FILE : NOT_SELECTED);
    }
    if (event.type === 'graph.changed') this.#generation = event.generation;
    if (event.type === 'graph.changed' || event.type === 'run.started')
      for (const [service, edges] of Object.entries(event.dependencies))
        this.#dependencies.set(service, edges);
    if (event.type === 'service.wanted') this.#want(event);
    if (event.type === 'service.backoff') this.#count(event.service);
    if ('service' in event && event.service !== undefined) this.#remember(event.service, event);
    if (event.type === 'service.removed') this.#forget(event.service);
  }

  /** The last event of that type that is about it. */
  last<Type extends OrderlyEvent['type']>(
    service: string,
    type: Type,
  ): (OrderlyEvent & { readonly type: Type }) | undefined {
    return this.#last.get(service)?.get(type) as (OrderlyEvent & { readonly type: Type }) | undefined;
  }

  dependencies(service: string): readonly Dependency[] {
    return this.#dependencies.get(service) ?? [];
  }

  dependents(service: string): readonly string[] {
    return this.names.filter((name) => this.dependencies(name).some((edge) => edge.service === service));
  }

  /** Undefined: there is no such service. */
  service(name: string): ServiceAnswer | undefined {
    const status = this.status.services.get(name);
    if (status === undefined) return undefined;
    const { sinceWish, all } = this.#counts.get(name) ?? { sinceWish: 0, all: 0 };
    const why = whyOf(status);
    return {
      service: name,
      state: status.state,
      since_ms: status.sinceMs,
      attempt: status.attempt,
      wanted: this.#wantedOf(name),
      restarts: { since_wish: sinceWish, all },
      ...fieldsOf(status),
      ...(why !== undefined && { why }),
    };
  }

  #wantedOf(name: string): WantedAnswer {
    const { shutdown } = this.status;
    const wanted = this.#wanted.get(name) ?? WANTED_BY_THE_FILE;
    return shutdown === undefined ? wanted : { want: 'down', wish: wanted.wish + 1, by: 'shutdown' };
  }

  #want({ service, wish, want, by, request, reason, along }: WantedEvent): void {
    const more = { ...(reason !== undefined && { reason }), ...(along !== undefined && { along }) };
    this.#wanted.set(service, { want, wish, by, request, ...more });
    const counts = this.#counts.get(service);
    if (counts !== undefined && want === 'up') counts.sinceWish = 0;
  }

  #count(service: string): void {
    const counts = this.#counts.get(service) ?? { sinceWish: 0, all: 0 };
    this.#counts.set(service, { sinceWish: counts.sinceWish + 1, all: counts.all + 1 });
  }

  #remember(service: string, event: OrderlyEvent): void {
    const events = this.#last.get(service) ?? new Map();
    this.#last.set(service, events.set(event.type, event));
  }

  #forget(service: string): void {
    this.#wanted.delete(service);
    this.#dependencies.delete(service);
  }
}

type WantedEvent = OrderlyEvent & { readonly type: 'service.wanted' };

function fieldsOf(status: ServiceStatus): Partial<ServiceAnswer> {
  const pid = 'pid' in status && status.pid !== undefined ? { pid: status.pid } : {};
  switch (status.state) {
    case 'pending':
      return status.waitingFor.length > 0 ? { waiting_for: status.waitingFor } : {};
    case 'ready': {
      const { evidence, values, unhealthy } = status;
      return {
        ...pid,
        evidence,
        ...(Object.keys(values).length > 0 && { values }),
        ...(unhealthy !== undefined && { unhealthy: unhealthy.detail }),
      };
    }
    case 'stopping':
      return { ...pid, until_ms: status.deadlineMs };
    case 'backoff':
      return { until_ms: status.untilMs };
    default:
      return pid;
  }
}

function whyOf(status: ServiceStatus): string | undefined {
  switch (status.state) {
    case 'backoff':
    case 'failed':
      return status.cause;
    case 'stopping':
      return status.reason;
    case 'skipped':
      return status.because;
    default:
      return undefined;
  }
}
