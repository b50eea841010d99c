/**
 * A record as one history for each instance: what its events say happened to it, in order.
 *
 * Reads only; whether what it reads is lawful is the affair of `record-laws.ts`.
 */
import type { OrderlyEvent } from '../../src/events/event.ts';
import { exitOf } from '../../src/events/exit-fact.ts';
import type { Exit } from '../../src/events/fact-shape.ts';
import { isRest, stateAfter } from '../../src/events/state-table.ts';

export type EventOf<Type extends OrderlyEvent['type']> = Extract<OrderlyEvent, { readonly type: Type }>;

/** A place in the record. */
export interface Moment {
  readonly seq: number;
  readonly ms: number;
}

export interface InstanceHistory {
  readonly service: string;
  readonly attempt: number;
  /** The first of its processes was spawned, or could not be. */
  readonly started: Moment;
  /** Undefined: it went no further than what runs before it. */
  readonly executed: Moment | undefined;
  /** A process came of it, be it one that runs before it. */
  readonly spawned: boolean;
  readonly ready: Moment | undefined;
  /** What monitors found. */
  readonly unhealthy: readonly EventOf<'service.unhealthy'>[];
  readonly stopping: readonly EventOf<'service.stopping'>[];
  readonly exits: readonly (Moment & { readonly exit: Exit })[];
  readonly cleaning: readonly EventOf<'service.cleaning'>[];
  readonly cleanups: readonly EventOf<'service.cleanup'>[];
  /** Its tree is gone and it is cleaned up after: the service waits for its next instance, or is over. */
  readonly over: Moment | undefined;
}

export interface RecordHistory {
  readonly events: readonly OrderlyEvent[];
  /** In the order of their starts. */
  readonly instances: readonly InstanceHistory[];
  readonly byService: ReadonlyMap<string, readonly InstanceHistory[]>;
  /** The services that are over, by what told so: nothing of them follows. */
  readonly overs: ReadonlyMap<string, OrderlyEvent>;
  readonly requested: EventOf<'shutdown.requested'> | undefined;
  readonly finished: EventOf<'run.finished'> | undefined;
  /** The third signal: from here on neither order nor clean-ups are promised. */
  readonly abandoned: Moment | undefined;
}

export function readHistory(events: readonly OrderlyEvent[]): RecordHistory {
  const first = <Type extends OrderlyEvent['type']>(type: Type) => allOf(events, type)[0];
  const own = grouped(events, (event) => ('attempt' in event ? keyOf(event) : undefined));
  const begun = new Set<string>();
  const instances = events.flatMap((event) => {
    if (event.type !== 'service.before' && event.type !== 'service.starting') return [];
    if (begun.has(keyOf(event))) return [];
    begun.add(keyOf(event));
    return [instanceOf(event, own.get(keyOf(event)) ?? [])];
  });
  return {
    events,
    instances,
    byService: grouped(instances, ({ service }) => service),
    overs: new Map(events.flatMap((event) => (isEndOfLife(event) ? [[event.service, event] as const] : []))),
    requested: first('shutdown.requested'),
    finished: first('run.finished'),
    abandoned: allOf(events, 'shutdown.escalated').find(({ level }) => level === 3),
  };
}

export function allOf<Type extends OrderlyEvent['type']>(
  events: readonly OrderlyEvent[],
  type: Type,
): readonly EventOf<Type>[] {
  return events.filter((event): event is EventOf<Type> => event.type === type);
}

function keyOf({ service, attempt }: { readonly service: string; readonly attempt: number }): string {
  return `${attempt}/${service}`;
}

function grouped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | undefined,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** `own`: the events that bear its number. */
function instanceOf(
  first: EventOf<'service.before' | 'service.starting'>,
  own: readonly OrderlyEvent[],
): InstanceHistory {
  const { service, attempt } = first;
  const [starting] = allOf(own, 'service.starting');
  // What somebody else runs has no process here, and ends all the same.
  const hasEnded = own.some(({ type }) => type === 'service.exited');
  return {
    service,
    attempt,
    started: first,
    executed: starting?.pid === undefined && !hasEnded ? undefined : starting,
    spawned: first.pid !== undefined || hasEnded,
    ready: allOf(own, 'service.ready')[0],
    unhealthy: allOf(own, 'service.unhealthy'),
    stopping: allOf(own, 'service.stopping'),
    exits: allOf(own, 'service.exited').map((event) => ({
      seq: event.seq,
      ms: event.ms,
      exit: exitOf(event),
    })),
    cleaning: allOf(own, 'service.cleaning'),
    cleanups: allOf(own, 'service.cleanup'),
    over: own.find((event) => event.seq > first.seq && isOver(event)),
  };
}

function isOver(event: OrderlyEvent): boolean {
  const state = stateAfter(event);
  return state === 'backoff' || state === 'pending' || (state !== undefined && isRest(state));
}

function isEndOfLife(event: OrderlyEvent): event is OrderlyEvent & { readonly service: string } {
  const state = stateAfter(event);
  return 'attempt' in event && state !== undefined && isRest(state);
}

/** Its exit code; 0 for a function that returned, undefined for what has none. */
export function codeOf(exit: Exit | undefined): number | undefined {
  if (exit?.kind === 'call') return exit.outcome === 'returned' ? 0 : undefined;
  return exit?.kind === 'code' ? exit.code : undefined;
}
