/**
 * What a simulation saw of a graph that is commanded, read for laws: which graph was in force, which instances there were, what was
 * wanted, and where each service was, by an event's number.
 */
import type { ServiceConfig } from '../../src/config/types.ts';
import type { OrderlyEvent } from '../../src/events/event.ts';
import type { LogEntry } from './simulated-launcher.ts';
import { BEGINNINGS, isCleanupOf } from './simulated-lives.ts';
import type { Simulated } from './simulation.ts';

export const RESTS = new Set(['service.stopped', 'service.completed', 'service.failed', 'service.skipped']);

/** The services of the graph that was in force by that event. */
export function servicesAt({ graphs }: Simulated, seq: number): readonly ServiceConfig[] {
  return graphs.findLast((one) => one.seq <= seq)!.services;
}

export function specAt(seen: Simulated, name: string, seq: number): ServiceConfig | undefined {
  return servicesAt(seen, seq).find((one) => one.name === name);
}

export interface Instance {
  readonly service: string;
  readonly attempt: number;
  /** The first of its processes. */
  readonly spawned: LogEntry;
  /** Undefined: it went no further than what runs before it. */
  readonly executed: LogEntry | undefined;
  readonly exited: LogEntry | undefined;
  /** When its tree and its clean-ups were over, in ms. */
  readonly goneMs: number;
  /** How many events had been told by then. */
  readonly goneSeq: number;
}

export function instances(seen: Simulated): readonly Instance[] {
  const begun = new Set<string>();
  return seen.log
    .filter(({ what, service, attempt }) => {
      const isFirst = BEGINNINGS.has(what) && !begun.has(`${attempt}/${service}`);
      if (isFirst) begun.add(`${attempt}/${service}`);
      return isFirst;
    })
    .map((spawned) => {
      const { service, attempt } = spawned;
      const of = (...what: readonly string[]) =>
        seen.log.findLast(
          (one) => what.includes(one.what) && one.service === service && one.attempt === attempt,
        );
      const executed = of('spawn');
      const gone = of('gone', 'ahead-gone');
      const cleaned = seen.commands
        .filter(({ command }) => isCleanupOf(command.env, service, attempt))
        .map(({ endedMs }) => endedMs ?? Infinity);
      const goneMs = Math.max(gone?.ms ?? Infinity, ...cleaned);
      // What follows the last clean-up is told after it.
      const next = seen.events.find(
        (event) =>
          event.seq > spawned.seq &&
          'service' in event &&
          event.service === service &&
          (RESTS.has(event.type) || event.type === 'service.pending' || event.type === 'service.backoff') &&
          event.ms >= goneMs - 0.001,
      );
      const exited = executed === undefined ? of('ahead-exit') : of('exit');
      return { service, attempt, spawned, executed, exited, goneMs, goneSeq: next?.seq ?? Infinity };
    });
}

/** Told before that deed, the last first. */
export function before(
  seen: Simulated,
  seq: number,
  test: (event: OrderlyEvent) => boolean,
): OrderlyEvent | undefined {
  return seen.events.findLast((event) => event.seq <= seq && test(event));
}

export function isWantedUp(seen: Simulated, service: string, seq: number): boolean {
  if (before(seen, seq, ({ type }) => type === 'shutdown.requested') !== undefined) return false;
  const last = before(seen, seq, (event) => event.type === 'service.wanted' && event.service === service);
  return last?.type === 'service.wanted' ? last.want === 'up' : isSelected(seen, service);
}

/** It was chosen when the run began, or it came later. */
function isSelected({ events: [started] }: Simulated, service: string): boolean {
  if (started?.type !== 'run.started' || started.selection === undefined) return true;
  return !started.services.includes(service) || started.selection.includes(service);
}

/** It comes to the graph, and is pending. */
export function joins(event: OrderlyEvent, service: string): boolean {
  return event.type === 'graph.changed' && event.added.includes(service);
}

/** At rest, and how, by then; undefined: in motion. */
export function restOf(seen: Simulated, service: string, seq: number): string | undefined {
  const last = before(
    seen,
    seq,
    (event) =>
      joins(event, service) ||
      ('service' in event &&
        event.service === service &&
        (RESTS.has(event.type) ||
          ['service.pending', 'service.before', 'service.starting'].includes(event.type))),
  );
  if (last === undefined && !isSelected(seen, service)) return 'service.stopped';
  return last !== undefined && RESTS.has(last.type) ? last.type : undefined;
}

/** A change that ran the task anew was taken back, and it has not run since. */
export function countsAgain(seen: Simulated, task: string, seq: number): boolean {
  const last = before(
    seen,
    seq,
    (event) =>
      ((event.type === 'service.before' || event.type === 'service.starting') && event.service === task) ||
      (event.type === 'graph.changed' && event.completed?.includes(task) === true),
  );
  return last?.type === 'graph.changed';
}

export function isGone(seen: Simulated, service: string, seq: number): boolean {
  return instances(seen).every(
    (one) => one.service !== service || one.spawned.seq >= seq || one.goneSeq <= seq,
  );
}

export function stateAt(seen: Simulated, service: string, seq: number): string {
  const states = ['before', 'starting', 'ready', 'stopping', 'cleaning', 'backoff', 'pending'].map(
    (one) => `service.${one}`,
  );
  const last = before(
    seen,
    seq,
    (event) =>
      joins(event, service) ||
      ('service' in event &&
        event.service === service &&
        (RESTS.has(event.type) || states.includes(event.type))),
  );
  if (last === undefined && !isSelected(seen, service)) return 'service.stopped';
  if (last === undefined || joins(last, service)) return 'service.pending';
  return last.type === 'service.before' ? 'service.starting' : last.type;
}
