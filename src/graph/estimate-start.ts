/**
 * The longest that a start can take if nothing fails: the longest chain of readiness deadlines, with what runs before
 * instances, each service waiting for its dependencies as its edges say.
 *
 * Restarts, and waiting for a place under `--max-starting`, are not counted.
 */
import type { Condition, Edge, ServiceConfig } from '../config/types.ts';
import { beforeLimitMs } from './before-limit.ts';
import { type Graph, startWaves } from './graph.ts';

export interface StartEstimate {
  /** Undefined: there is no bound, because of the services in `unlimited`. */
  readonly worstMs: number | undefined;
  /** The longest chain if the services in `unlimited` took no time. */
  readonly limitedMs: number;
  /** The services whose deadlines make `limitedMs`, the first to start first. */
  readonly chain: readonly string[];
  /** Those that may take for ever: a task without a deadline, a service that something waits for to end. */
  readonly unlimited: readonly string[];
}

/** The chain is a list of links: to copy it at each step would take the square of its length. */
interface Arrival {
  readonly ms: number;
  readonly last: string | undefined;
  readonly before: Arrival | undefined;
}

const AT_ONCE: Arrival = { ms: 0, last: undefined, before: undefined };

export function estimateStart(graph: Graph): StartEstimate {
  const startOf = new Map<string, Arrival>();
  const unlimited = new Set<string>();
  const startedBy = (name: string) => startOf.get(name) ?? AT_ONCE;

  for (const name of startWaves(graph).flat()) {
    startOf.set(name, latest(graph.dependencies(name).map(heldBy)));
  }
  const allReady = latest(
    graph.services.map((name) => after(name, readinessLimitMs(graph.spec(name)), undefined)),
  );
  return {
    worstMs: unlimited.size === 0 ? allReady.ms : undefined,
    limitedMs: allReady.ms,
    chain: chainOf(allReady),
    unlimited: graph.services.filter((name) => unlimited.has(name)),
  };

  function heldBy({ service, condition, timeoutMs }: Edge): Arrival {
    return after(service, conditionLimitMs(graph.spec(service), condition), timeoutMs);
  }

  function after(name: string, limitMs: number | undefined, waitAtMostMs: number | undefined): Arrival {
    const start = startedBy(name);
    const ms = Math.min(limitMs ?? Infinity, waitAtMostMs ?? Infinity);
    if (ms === Infinity) unlimited.add(name);
    if (ms === Infinity || ms === 0) return start;
    return { ms: start.ms + ms, last: name, before: start };
  }
}

function chainOf(arrival: Arrival): readonly string[] {
  const chain: string[] = [];
  for (let at: Arrival | undefined = arrival; at?.last !== undefined; at = at.before) chain.push(at.last);
  return chain.reverse();
}

function latest(arrivals: readonly Arrival[]): Arrival {
  return arrivals.reduce((best, arrival) => (arrival.ms > best.ms ? arrival : best), AT_ONCE);
}

/** From the first spawn until an edge of this condition holds; undefined: no limit. */
function conditionLimitMs(spec: ServiceConfig, condition: Edge['condition']): number | undefined {
  if (condition === 'started') return finite(beforeLimitMs(spec));
  return condition === 'ready' || spec.type === 'task' ? readinessLimitMs(spec) : undefined;
}

function readinessLimitMs(spec: ServiceConfig): number | undefined {
  const ownMs = spec.ready === undefined ? (spec.type === 'task' ? undefined : 0) : limitMs(spec.ready);
  return ownMs === undefined ? undefined : finite(beforeLimitMs(spec) + ownMs);
}

function finite(ms: number): number | undefined {
  return ms === Number.POSITIVE_INFINITY ? undefined : ms;
}

function limitMs(condition: Condition): number | undefined {
  const shortest = Math.min(condition.withinMs ?? Infinity, ownLimitMs(condition));
  return shortest === Infinity ? undefined : shortest;
}

function ownLimitMs(condition: Condition): number {
  if (condition.kind === 'delay') return condition.delayMs;
  if (condition.kind !== 'all' && condition.kind !== 'any') return Infinity;
  return Math.max(0, ...condition.of.map((part) => limitMs(part) ?? Infinity));
}
