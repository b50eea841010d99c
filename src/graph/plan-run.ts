/**
 * From a configuration's graph to all that a run needs to know beforehand: what takes part, and which budget a
 * shutdown has. Pure.
 */
import type { Config, ServiceConfig } from '../config/types.ts';
import { type Graph, graphOf } from './graph.ts';
import { type ReplicaCounts, withReplicas } from './replicas.ts';
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
  /** What the graph was made of: definitions, and how many replicas there are of which by hand. */
  readonly definitions: readonly ServiceConfig[];
  readonly byHand: ReplicaCounts;
  /** What else is said of the run as a whole; the order of nothing depends on it. */
  readonly beside: Pick<Config, 'on' | 'onHangup' | 'success'>;
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
    definitions: definitionsOf(config, graph),
    byHand: new Map(),
    beside: {
      ...{ on: config.on, onHangup: config.onHangup },
      ...(config.success && { success: config.success }),
    },
  };
}

function definitionsOf({ services }: Config, graph: Graph): readonly ServiceConfig[] {
  const specs = graph.services.map(graph.spec);
  if (specs.every(({ replicaOf }) => replicaOf === undefined)) return specs;
  return services.filter(({ name }) => specs.some((spec) => (spec.replicaOf ?? spec.name) === name));
}

/** The same run of other services, whose dependencies are known to be sound. */
export function withServices(
  plan: Plan,
  definitions: readonly ServiceConfig[],
  byHand: ReplicaCounts = plan.byHand,
): Plan {
  const services = withReplicas(definitions, byHand);
  return { ...plan, graph: graphOf(services), limits: stopLimits({ services }), definitions, byHand };
}

/** A plan that takes over from another what was said by hand, unless the definition says something else than before. */
export function takingOver(next: Plan, before: Plan): Plan {
  const numberOf = ({ definitions }: Plan, name: string) =>
    definitions.find((one) => one.name === name)?.replicas;
  const kept = [...before.byHand].filter(
    ([name]) => numberOf(next, name) !== undefined && numberOf(next, name) === numberOf(before, name),
  );
  return kept.length === 0 ? next : withServices(next, next.definitions, new Map(kept));
}

/** Some grace is shorter in that shutdown than its own setting says. */
export function shortensGraces({ limits }: Plan, { atMostMs = Number.POSITIVE_INFINITY }: Budget): boolean {
  return [...limits.values()].some(({ graceMs }) => graceMs > atMostMs);
}
