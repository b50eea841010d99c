/**
 * From a configuration's graph to all that a run needs to know beforehand: what takes part, and which budget a
 * shutdown has. Pure.
 */
import type { Config, ServiceConfig } from '../config/types.ts';
import { type Graph, graphOf } from './graph.ts';
import { type StopLimits, stopLimits } from './stop-limits.ts';

/** How long a shutdown may take, and which setting says so. */
export interface Budget {
  readonly budgetMs: number;
  readonly setting: string;
  /** The most that each service is given of its grace; undefined: all of it. */
  readonly atMostMs: number | undefined;
}

export interface Plan {
  readonly name: string;
  readonly graph: Graph;
  readonly limits: ReadonlyMap<string, StopLimits>;
  /** For every shutdown but one by Ctrl-C. */
  readonly budget: Budget;
  /** The same, shared out for somebody who waits: for SIGINT where there is a terminal. */
  readonly interrupt: Budget;
}

export interface PlanOptions {
  /** What `shutdown.budget: auto` is here. */
  readonly autoBudgetMs: number;
  /** `--budget`: for any signal. */
  readonly budgetMs: number | undefined;
}

export function planRun(config: Config, graph: Graph, options: PlanOptions): Plan {
  const { shutdown } = config;
  const budget: Budget =
    options.budgetMs === undefined
      ? {
          budgetMs: shutdown.budgetMs === 'auto' ? options.autoBudgetMs : shutdown.budgetMs,
          setting: 'shutdown.budget',
          atMostMs: undefined,
        }
      : { budgetMs: options.budgetMs, setting: '--budget', atMostMs: undefined };
  return {
    name: config.name,
    graph,
    limits: stopLimits({ services: graph.services.map(graph.spec) }),
    budget,
    interrupt: { ...budget, atMostMs: shutdown.interruptGraceMs },
  };
}

/** The same run of other services, whose dependencies are known to be sound. */
export function withServices(plan: Plan, services: readonly ServiceConfig[]): Plan {
  return { ...plan, graph: graphOf(services), limits: stopLimits({ services }) };
}

/** Some grace is shorter in that shutdown than its own setting says. */
export function shortensGraces({ limits }: Plan, { atMostMs = Number.POSITIVE_INFINITY }: Budget): boolean {
  return [...limits.values()].some(({ graceMs }) => graceMs > atMostMs);
}
