/**
 * Shares one time budget among all services that have to stop, so that the last one is gone before it ends.
 *
 * Each service is guaranteed `factor * grace` for the asking, `KILL_MS` for a kill to take effect, and a reserve
 * for its clean-ups. The reserves of a chain take at most half of the budget: clean-ups are never cut, only what
 * is put aside for them is. Deadlines are made from this plan by `cooperative-deadline.ts`.
 */
import { graceFactor } from './grace-factor.ts';
import type { Graph } from './graph.ts';
import { longestChain } from './longest-chain.ts';
import { KILL_MS, type StopLimits } from './stop-limits.ts';

export interface PlannedStop {
  readonly graceMs: number;
  /** What of the grace is granted whatever the others do. */
  readonly guaranteedMs: number;
  readonly killMs: number;
  readonly cleanupMs: number;
  /** What of the budget is put aside for its clean-ups. */
  readonly reservedMs: number;
  /** The longest chain of guaranteed grace, kill and reserve of what stops after it. */
  readonly tailMs: number;
}

export interface ShutdownPlan {
  readonly budgetMs: number;
  /** False: the budget is for the asking alone, and time spent in clean-ups is added to it. */
  readonly reserveCleanups: boolean;
  /** 1: every grace is granted whole. */
  readonly factor: number;
  /** False: kills and reserved clean-ups alone can take more than the budget. */
  readonly fits: boolean;
  readonly services: ReadonlyMap<string, PlannedStop>;
  /** The longest that stopping can take if every service uses its whole grace and all of its clean-ups' timeouts. */
  readonly worstCaseMs: number;
  /** The services that make the worst case, the first to stop first. */
  readonly chain: readonly string[];
  /** The longest chain of clean-up timeouts, in full. */
  readonly cleanupChainMs: number;
  /** Clean-ups that use their timeouts could take longer than the half of the budget that may be reserved. */
  readonly cleanupsMayOverrun: boolean;
}

export interface ShutdownOptions {
  readonly reserveCleanups: boolean;
  /**
   * The services that have an instance to stop or to clean up; the others take no time. Left out: all. Reserves
   * don't depend on it, so that no service is guaranteed less than in the plan of all.
   */
  readonly running?: ReadonlySet<string>;
}

const NOTHING_TO_STOP = { graceMs: 0, killMs: 0, cleanupMs: 0, reservedMs: 0 };

/** Every service of the graph must have limits. The formulas are those of the README's chapter on shutdown. */
export function planShutdown(
  graph: Graph,
  limits: ReadonlyMap<string, StopLimits>,
  budgetMs: number,
  { reserveCleanups, running }: ShutdownOptions,
): ShutdownPlan {
  const cleanupChainMs = longestChain(graph, (name) => limitsOf(name).cleanupMs).lengthMs;
  const mayReserveMs = reserveCleanups ? budgetMs / 2 : 0;
  const reserveShare = cleanupChainMs > mayReserveMs ? mayReserveMs / cleanupChainMs : 1;

  const stops = new Map(graph.services.map((name) => [name, stopOf(name)]));
  const stop = (name: string) => stops.get(name) ?? NOTHING_TO_STOP;
  const fixedMs = (name: string) => stop(name).killMs + stop(name).reservedMs;
  const { factor, fits } = graceFactor(graph, budgetMs, (name) => stop(name).graceMs, fixedMs);
  const { tailMs } = longestChain(graph, (name) => factor * stop(name).graceMs + fixedMs(name));
  const worst = longestChain(graph, (name) => {
    const { graceMs, killMs, cleanupMs } = stop(name);
    return graceMs + killMs + cleanupMs;
  });

  return {
    budgetMs,
    reserveCleanups,
    factor,
    fits,
    services: new Map(
      [...stops].map(([name, planned]) => [
        name,
        { ...planned, guaranteedMs: factor * planned.graceMs, tailMs: tailMs.get(name) ?? 0 },
      ]),
    ),
    worstCaseMs: worst.lengthMs,
    chain: worst.chain,
    cleanupChainMs,
    cleanupsMayOverrun: reserveCleanups && reserveShare < 1,
  };

  function stopOf(name: string): Omit<PlannedStop, 'guaranteedMs' | 'tailMs'> {
    if (running !== undefined && !running.has(name)) return NOTHING_TO_STOP;
    const { graceMs, cleanupMs } = limitsOf(name);
    return { graceMs, killMs: KILL_MS, cleanupMs, reservedMs: cleanupMs * reserveShare };
  }

  function limitsOf(name: string): StopLimits {
    const found = limits.get(name);
    if (found === undefined) throw new Error(`"${name}" has no stop limits`);
    return found;
  }
}
