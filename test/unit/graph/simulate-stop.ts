/**
 * The stop of a graph as plain arithmetic: each service begins when all that depends on it is gone, is killed
 * at its cooperative deadline if it isn't gone by then, and cleans up. What isn't running is gone from the start.
 * Time starts at 0 with the cause.
 */
import { type Graph, stopWaves } from '../../../src/graph/graph.ts';
import {
  cooperativeDeadline,
  type PlannedStop,
  type ShutdownPlan,
} from '../../../src/graph/shutdown-budget.ts';
import { allDependents } from '../../support/all-dependents.ts';

export interface Behaviour {
  /** How much of the time it is given it uses, 0 to 1; with 1 it has to be killed, and that takes as long as it may. */
  readonly askShare: number;
  readonly cleanupMs: number;
}

export interface SimulatedStop {
  readonly startMs: number;
  /** From being asked to being killed. */
  readonly givenMs: number;
  readonly scaled: boolean;
  readonly cleanupMs: number;
  readonly goneMs: number;
}

export function simulateStop(
  graph: Graph,
  plan: ShutdownPlan,
  behaviour: (service: string, stop: PlannedStop) => Behaviour,
): ReadonlyMap<string, SimulatedStop> {
  const stopped = new Map<string, SimulatedStop>();
  for (const name of stopWaves(graph).flat()) {
    const planned = plan.services.get(name)!;
    if (planned.killMs === 0) continue;
    const gone = allDependents(graph, name).flatMap((dependent) => stopped.get(dependent) ?? []);
    const startMs = Math.max(0, ...gone.map(({ goneMs }) => goneMs));
    const { atMs, scaled } = cooperativeDeadline(plan, name, startMs, plan.budgetMs);
    const { askShare, cleanupMs } = behaviour(name, planned);
    const givenMs = atMs - startMs;
    const askedMs = askShare * givenMs + (askShare === 1 ? planned.killMs : 0);
    stopped.set(name, { startMs, givenMs, scaled, cleanupMs, goneMs: startMs + askedMs + cleanupMs });
  }
  return stopped;
}
