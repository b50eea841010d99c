/**
 * What has happened that a hook can be for, told from the events of a run: of a service, and of the whole graph.
 *
 * It keeps a little of each service and does little for an event: thousands of them may come at once.
 */
import type { HookEvent } from '../config/hook-types.ts';
import type { OrderlyEvent } from '../events/event.ts';

export interface Occasion {
  readonly of: 'service' | 'graph';
  readonly event: HookEvent;
  /** Whose event it was; of the whole graph, the one by which it came about. */
  readonly service: string;
  readonly attempt: number;
  /** A clause. */
  readonly why: string;
  /** ISO 8601, UTC. */
  readonly time: string;
}

interface Known {
  isWanted: boolean;
  isUp: boolean;
  /** Why it is to be started again; undefined: it isn't. */
  failure: string | undefined;
}

type ServiceEvent = OrderlyEvent & { readonly service: string; readonly attempt: number };

export class Occasions {
  readonly #isTask: (service: string) => boolean;
  readonly #services = new Map<string, Known>();
  /** Wanted, and not up. */
  readonly #missing = new Set<string>();
  /** The whole graph is ready, and that was told. */
  #isReady = false;
  /** It has failed since it was ready last, and that was told. */
  #hasFailed = false;
  #goesDown = false;

  constructor(isTask: (service: string) => boolean) {
    this.#isTask = isTask;
  }

  /** Those that come with this event, of the service before of the graph. Call it with every event, in order. */
  next(event: OrderlyEvent): readonly Occasion[] {
    switch (event.type) {
      case 'run.started': {
        const { services, selection = services } = event;
        const selected = new Set(selection);
        for (const service of services) this.#join(service, selected.has(service));
        return NONE;
      }
      case 'graph.changed':
        for (const service of event.added) this.#join(service, true);
        for (const service of event.completed ?? []) this.#set(service, { isUp: true });
        return NONE;
      case 'service.removed':
        this.#services.delete(event.service);
        this.#missing.delete(event.service);
        return NONE;
      case 'shutdown.requested':
        this.#goesDown = true;
        return NONE;
      case 'service.wanted':
        this.#set(event.service, { isWanted: event.want === 'up' });
        return NONE;
      default:
        return 'attempt' in event ? this.#ofService(event) : NONE;
    }
  }

  #ofService(event: ServiceEvent): readonly Occasion[] {
    const { service } = event;
    const before = this.#services.get(service);
    switch (event.type) {
      case 'service.ready':
        this.#set(service, { isUp: true });
        return [occasion(event, 'ready', event.evidence), ...this.#wholeReady(event)];
      case 'service.completed': {
        const isNews = this.#isTask(service) && before?.isUp === false;
        this.#set(service, { isUp: true });
        return [...(isNews ? [occasion(event, 'ready', 'completed')] : []), ...this.#wholeReady(event)];
      }
      case 'service.backoff':
        this.#set(service, { isUp: false, failure: event.cause });
        return NONE;
      case 'service.starting': {
        const why = before?.failure;
        this.#set(service, { isUp: false, failure: undefined });
        return why === undefined ? NONE : both(occasion(event, 'restarted', why));
      }
      case 'service.unhealthy':
        return both(occasion(event, 'unhealthy', event.detail));
      case 'service.failed': {
        this.#set(service, { isUp: false, failure: undefined });
        const own = occasion(event, 'failed', event.cause);
        const isFirst = !this.#hasFailed;
        this.#hasFailed = true;
        return isFirst ? both(own) : [own];
      }
      case 'service.stopping':
      case 'service.cleaning':
      case 'service.pending':
        this.#set(service, { isUp: false });
        return NONE;
      case 'service.stopped':
      case 'service.skipped':
        this.#set(service, { isUp: false, failure: undefined });
        return NONE;
      default:
        return NONE;
    }
  }

  #wholeReady(event: ServiceEvent): readonly Occasion[] {
    if (this.#isReady || this.#goesDown || this.#missing.size > 0) return NONE;
    this.#isReady = true;
    this.#hasFailed = false;
    return [{ ...occasion(event, 'ready', 'all that is wanted is ready'), of: 'graph' }];
  }

  #join(service: string, isWanted: boolean): void {
    this.#services.set(service, { isWanted, isUp: false, failure: undefined });
    this.#note(service, isWanted);
  }

  #set(service: string, change: Partial<Known>): void {
    const known = this.#services.get(service);
    if (known === undefined) return;
    Object.assign(known, change);
    this.#note(service, known.isWanted && !known.isUp);
  }

  #note(service: string, isMissing: boolean): void {
    if (!isMissing) {
      this.#missing.delete(service);
      return;
    }
    this.#missing.add(service);
    this.#isReady = false;
  }
}

const NONE: readonly Occasion[] = [];

function occasion({ service, attempt, time }: ServiceEvent, event: HookEvent, why: string): Occasion {
  return { of: 'service', event, service, attempt, why, time };
}

/** Each that is any service's is one of the graph too. */
function both(own: Occasion): readonly Occasion[] {
  return [own, { ...own, of: 'graph' }];
}
