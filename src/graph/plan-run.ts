/**
 * From a configuration's graph to all that a run needs to know beforehand: who takes part, and which budget a
 * shutdown has. Pure.
 */
import type { Config } from '../config/types.ts';
import type { Graph } from './graph.ts';
import { type StopLimits, stopLimits } from './stop-limits.ts';

/** How long a shutdown may take, and which setting says so. */
export interface Budget {
  readonly budgetMs: number;
  readonly setting: string;
  /** False: the budget is for the asking alone; the time of clean-ups is added to it. */
  readonly reserveCleanups: boolean;
}

export interface Plan {
  readonly name: string;
  readonly graph: Graph;
  readonly limits: ReadonlyMap<string, StopLimits>;
  /** For every shutdown but one by Ctrl-C. */
  readonly budget: Budget;
  /** For SIGINT: a person is waiting, and nobody will kill us. */
  readonly interrupt: Budget;
}

export interface PlanOptions {
  /** What `shutdown.budget: auto` is here. */
  readonly autoBudgetMs: number;
  /** `--budget`: for any signal. */
  readonly budgetMs: number | undefined;
}

export function planRun(config: Config, graph: Graph, options: PlanOptions): Plan {
  const limits = stopLimits({ services: graph.services.map(graph.spec) });
  if (options.budgetMs !== undefined) {
    const budget = { budgetMs: options.budgetMs, setting: '--budget', reserveCleanups: true };
    return { name: config.name, graph, limits, budget, interrupt: budget };
  }
  const { shutdown } = config;
  return {
    name: config.name,
    graph,
    limits,
    budget: {
      budgetMs: shutdown.budgetMs === 'auto' ? options.autoBudgetMs : shutdown.budgetMs,
      setting: 'shutdown.budget',
      reserveCleanups: true,
    },
    interrupt: {
      budgetMs: shutdown.interruptGraceMs,
      setting: 'shutdown.interrupt_grace',
      reserveCleanups: false,
    },
  };
}
