/**
 * The requests of a run as its events tell them: what each is about, and what those that aren't settled still wait for.
 *
 * The oldest of very many are forgotten.
 */
import type { OrderlyEvent } from '../../events/event.ts';
import type { PlannedChange } from '../../events/request-fact.ts';
import { isRest } from '../../events/state-table.ts';
import type { ServiceStatus } from '../../events/status.ts';

export interface KnownRequest {
  readonly request: string;
  readonly kind: string;
  readonly ms: number;
  readonly seq: number;
  /** Who asked, as it calls itself. */
  readonly client?: string;
}

/** One that isn't settled. */
interface OpenRequest extends KnownRequest {
  readonly plan: readonly PlannedChange[];
  /** The number of each service's instance when it was accepted. */
  readonly before: ReadonlyMap<string, number>;
}

export type StatusOf = (service: string) => ServiceStatus | undefined;

const MOST_KNOWN = 1_000;

export class RequestBook {
  readonly #known = new Map<string, KnownRequest>();
  readonly #open = new Map<string, OpenRequest>();

  apply(event: OrderlyEvent, statusOf: StatusOf): void {
    if (event.type === 'request.settled') this.#open.delete(event.request);
    if (event.type !== 'request.accepted') return;
    const { request, kind, ms, seq, plan, client } = event;
    const before = new Map(plan.map(({ service }) => [service, statusOf(service)?.attempt ?? 0]));
    this.#known.set(request, { request, kind, ms, seq, ...(client !== undefined && { client }) });
    this.#open.set(request, { request, kind, ms, seq, plan, before });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }

  /** Undefined: there is none of that name, or it was long ago. */
  find(request: string): KnownRequest | undefined {
    return this.#known.get(request);
  }

  /** The one that takes that service out of the graph, and isn't settled. */
  removing(service: string): string | undefined {
    for (const { request, plan } of this.#open.values())
      if (plan.some((one) => one.service === service && LEAVES.has(one.change))) return request;
    return undefined;
  }

  /** Those that aren't settled and do something with that service, and which services each still waits for. */
  openOf(service: string, statusOf: StatusOf): readonly (KnownRequest & { waits: readonly string[] })[] {
    return [...this.#open.values()]
      .filter(({ plan }) => plan.some((change) => change.service === service))
      .map(({ request, kind, ms, seq, plan, before }) => ({
        ...{ request, kind, ms, seq },
        waits: plan
          .filter((change) => !isDone(change, statusOf(change.service), before.get(change.service) ?? 0))
          .map((change) => change.service),
      }));
  }
}

const LEAVES: ReadonlySet<string> = new Set(['remove', 'retire']);

/** As far as events tell: whether that change of a plan is made. */
function isDone({ change }: PlannedChange, status: ServiceStatus | undefined, before: number): boolean {
  const isUp = status?.state === 'ready' || status?.state === 'completed';
  switch (change) {
    case 'stop':
    case 'remove':
    case 'retire':
      return status === undefined || isRest(status.state);
    case 'start':
    case 'add':
      return isUp;
    case 'restart':
    case 'follow':
      return isUp && status.attempt > before;
    default:
      return true;
  }
}
