/**
 * Shares one time budget among all services that have to stop, so that the last one is gone before it ends.
 *
 * Each service is guaranteed `factor * grace` for the asking, and has a reserve for a kill to take effect and one for
 * its clean-ups. The reserves of a chain take at most a tenth and a half of the budget, however long it is: kills and
 * clean-ups are never cut, only what is put aside for them is. Deadlines are made from this plan at the end
 * of this file.
 */
import type { Graph } from './graph.ts';
import { graceFactor, longestChain, ROUNDING_MS, startOrder } from './longest-chain.ts';
import { countedCleanupMs, KILL_MS, type StopLimits } from './stop-limits.ts';

/** What of a budget the longest chain of reserves takes at most. */
const KILLS_SHARE = 1 / 10;
const CLEANUPS_SHARE = 1 / 2;

export interface PlannedStop {
  /** The most that it is given from being asked to being killed. */
  readonly graceMs: number;
  /** What of that is granted whatever the others do. */
  readonly guaranteedMs: number;
  /** What of the budget is put aside for a kill. */
  readonly killMs: number;
  readonly cleanupMs: number;
  /** What of the budget is put aside for its clean-ups. */
  readonly reservedMs: number;
  /** The longest chain of guaranteed grace, kill and reserve of what stops after it. */
  readonly tailMs: number;
}

export interface ShutdownPlan {
  readonly budgetMs: number;
  /** 1: every grace is granted whole. */
  readonly factor: number;
  readonly services: ReadonlyMap<string, PlannedStop>;
  /** The longest that stopping can take if every service uses its whole grace and all of its clean-ups' timeouts. */
  readonly worstCaseMs: number;
  /** The services that make the worst case, the first to stop first. */
  readonly chain: readonly string[];
  /** How much longer than the budget it can take, if clean-ups use up their timeouts; 0: they can't overrun it. */
  readonly overrunMs: number;
}

export interface ShutdownOptions {
  /** The most that each service is given of its grace; left out: all of it. */
  readonly atMostMs?: number | undefined;
  /** What of the budget is left for the graces and reserves; left out: all of it. Reserves don't depend on it. */
  readonly leftMs?: number;
  /**
   * The services that have an instance to stop or to clean up; the others take no time. Left out: all. Reserves
   * don't depend on it, so that no service is guaranteed less than in the plan of all.
   */
  readonly running?: ReadonlySet<string>;
}

type Stop = Omit<PlannedStop, 'guaranteedMs' | 'tailMs'>;

const NOTHING_TO_STOP: Stop = { graceMs: 0, killMs: 0, cleanupMs: 0, reservedMs: 0 };

/** Every service of the graph must have limits. The formulas are those of the manual's chapter on stopping. */
export function planShutdown(
  graph: Graph,
  limits: ReadonlyMap<string, StopLimits>,
  budgetMs: number,
  { atMostMs = Number.POSITIVE_INFINITY, leftMs = budgetMs, running }: ShutdownOptions = {},
): ShutdownPlan {
  const countedMs = (name: string) => countedCleanupMs(limitsOf(name), budgetMs);
  const cleanupScale = scale(graph, countedMs, budgetMs * CLEANUPS_SHARE);
  const killMs = KILL_MS * scale(graph, () => KILL_MS, budgetMs * KILLS_SHARE);

  const stops = new Map(graph.services.map((name) => [name, stopOf(name)]));
  const stop = (name: string) => stops.get(name) ?? NOTHING_TO_STOP;
  const fixedMs = (name: string) => stop(name).killMs + stop(name).reservedMs;
  const factor = graceFactor(graph, leftMs, (name) => stop(name).graceMs, fixedMs);
  const { tailMs } = longestChain(graph, (name) => factor * stop(name).graceMs + fixedMs(name));
  const services = new Map(
    [...stops].map(([name, planned]) => [
      name,
      { ...planned, guaranteedMs: factor * planned.graceMs, tailMs: tailMs.get(name) ?? 0 },
    ]),
  );
  // A shutdown that begins needs none of this, and doesn't wait for it.
  const worst = once(() =>
    longestChain(graph, (name) => {
      const { graceMs, killMs, cleanupMs } = stop(name);
      return graceMs + killMs + cleanupMs;
    }),
  );
  const overrunMs = once(() => cleanupOverrun(graph, leftMs, services));
  return {
    budgetMs,
    factor,
    services,
    get worstCaseMs() {
      return worst().lengthMs;
    },
    get chain() {
      return worst().chain;
    },
    get overrunMs() {
      return overrunMs();
    },
  };

  function stopOf(name: string): Stop {
    if (running !== undefined && !running.has(name)) return NOTHING_TO_STOP;
    const { graceMs, cleanupMs } = limitsOf(name);
    const reservedMs = countedMs(name) * cleanupScale;
    return { graceMs: Math.min(graceMs, atMostMs), killMs, cleanupMs, reservedMs };
  }

  function limitsOf(name: string): StopLimits {
    const found = limits.get(name);
    if (found === undefined) throw new Error(`"${name}" has no stop limits`);
    return found;
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The largest factor, at most 1, with which the longest chain takes no more than it may. */
function scale(graph: Graph, takesMs: (service: string) => number, mayTakeMs: number): number {
  const { lengthMs } = longestChain(graph, takesMs);
  return lengthMs > mayTakeMs ? mayTakeMs / lengthMs : 1;
}

/**
 * How much longer than its budget a shutdown takes when every service uses all the time that it may and its clean-ups
 * use up their timeouts, of which the plan has put aside only a part. That is the worst case: whatever is slower makes
 * nothing faster.
 */
function cleanupOverrun(graph: Graph, budgetMs: number, services: ShutdownPlan['services']): number {
  const goneMs = new Map<string, number>();
  let lastMs = 0;
  for (const name of startOrder(graph).toReversed()) {
    let startMs = 0;
    for (const { service } of graph.dependents(name)) startMs = Math.max(startMs, goneMs.get(service) ?? 0);
    const { graceMs, killMs, cleanupMs, reservedMs, tailMs } = services.get(name)!;
    const latestMs = Math.max(startMs, budgetMs - killMs - reservedMs - tailMs);
    const endMs = Math.min(startMs + graceMs, latestMs) + killMs + cleanupMs;
    goneMs.set(name, endMs);
    lastMs = Math.max(lastMs, endMs);
  }
  return lastMs <= budgetMs + ROUNDING_MS ? 0 : lastMs - budgetMs;
}

// When a service that was asked to stop is killed, so that what stops after it still gets its guaranteed share.
//
// Pure arithmetic on a shutdown plan: all times are on one scale of the caller's choice. It sets no timer, and it
// doesn't know about a second signal, which ends every grace at once.

interface CooperativeDeadline {
  readonly atMs: number;
  /** The budget gave it, not the grace of the service. */
  readonly scaled: boolean;
}

/**
 * The grace from `startMs` on, or what the budget that ends at `endMs` leaves when the service's own kill and
 * reserve and the guaranteed shares of all that stops after it are put aside; never before `startMs`.
 */
export function cooperativeDeadline(
  plan: ShutdownPlan,
  service: string,
  startMs: number,
  endMs: number,
): CooperativeDeadline {
  const wholeMs = startMs + stopOf(plan, service).graceMs;
  const cutMs = Math.max(startMs, latestDeadline(plan, service, endMs));
  return cutMs < wholeMs - ROUNDING_MS ? { atMs: cutMs, scaled: true } : { atMs: wholeMs, scaled: false };
}

/** Until when the budget that ends at `endMs` can wait for a service at most, whatever its grace. */
export function latestDeadline(plan: ShutdownPlan, service: string, endMs: number): number {
  const { killMs, reservedMs, tailMs } = stopOf(plan, service);
  return endMs - killMs - reservedMs - tailMs;
}

/** Of what is guaranteed so much may be gone before it is shared anew, which costs as much as there are services. */
const TOLERATED_SHARE = 0.1;

/** Whether a service that is asked at `startMs` still has what the plan guarantees to it, or nearly all of that. */
export function holdsGuarantee(plan: ShutdownPlan, service: string, startMs: number, endMs: number): boolean {
  const neededMs = stopOf(plan, service).guaranteedMs * (1 - TOLERATED_SHARE) - ROUNDING_MS;
  return latestDeadline(plan, service, endMs) >= startMs + neededMs;
}

function stopOf(plan: ShutdownPlan, service: string): PlannedStop {
  const stop = plan.services.get(service);
  if (stop === undefined) throw new Error(`"${service}" is not in the shutdown plan`);
  return stop;
}
