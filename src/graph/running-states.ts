/**
 * What may run at once when a shutdown begins. Pure.
 *
 * A task that has completed takes no time to stop, and while it still runs nothing that waits for its end does: so a
 * chain through a task is never stopped as a whole. Tasks of which none waits for another may run at once, and are told
 * together where the same waits for them. Of very many states those with the longest chains are enough.
 */
import type { Graph } from './graph.ts';
import { longestChain } from './longest-chain.ts';
import { KILL_MS, type StopLimits } from './stop-limits.ts';
import { startWaves } from './waves.ts';

/** Each is a plan of its own: more would take minutes with thousands of services. */
const MOST_STATES = 30;

/** Tasks that may run at once, as they are in the same wave, have the same neighbours and so the same that waits. */
interface Crew {
  readonly tasks: string[];
  /** The longest chain that stops through them. */
  readonly ms: number;
}

/**
 * All services, every task having ended; then for tasks: some that may run at once, with what doesn't wait for their
 * end.
 */
export function runningStates(
  graph: Graph,
  limits?: ReadonlyMap<string, StopLimits>,
): readonly ReadonlySet<string>[] {
  const isTask = (name: string) => graph.spec(name).type === 'task';
  const services = graph.services.filter((name) => !isTask(name));
  const ownMs = (name: string) => {
    const { graceMs = 0, cleanupMs = 0 } = limits?.get(name) ?? {};
    return graceMs + cleanupMs + KILL_MS;
  };
  const { tailMs } = longestChain(graph, (name) => (isTask(name) ? 0 : ownMs(name)));
  const crews = new Map<string, Crew>();
  for (const [wave, names] of startWaves(graph).entries()) {
    for (const task of names.filter(isTask)) {
      const ms = ownMs(task) + (tailMs.get(task) ?? 0);
      const key = `${wave} ${ms} ${neighbours(graph, task)}`;
      const crew = crews.get(key);
      if (crew === undefined) crews.set(key, { tasks: [task], ms });
      else crew.tasks.push(task);
    }
  }
  const longest = new Set([...crews.values()].sort((a, b) => b.ms - a.ms).slice(0, MOST_STATES));
  const states = [...crews.values()]
    .filter((crew) => longest.has(crew))
    .map(({ tasks }) => {
      const waiting = waitingForEnd(graph, tasks[0]!);
      return new Set([...services.filter((name) => !waiting.has(name)), ...tasks]);
    });
  return [new Set(services), ...states];
}

function neighbours(graph: Graph, task: string): string {
  const before = graph.dependencies(task).map(({ service }) => service);
  const after = graph
    .dependents(task)
    .map(({ service, edge }) => `${service} ${edge.condition} ${edge.optional}`);
  return `${before.join()};${after.join()}`;
}

function waitingForEnd(graph: Graph, task: string): ReadonlySet<string> {
  const waiting = new Set<string>();
  const open = [task];
  for (const name of open) {
    for (const { service, edge } of graph.dependents(name)) {
      const forEnd = edge.condition === 'completed' || edge.condition === 'exited';
      // Only the task itself may have started.
      if (edge.optional || waiting.has(service) || (name === task && !forEnd)) continue;
      waiting.add(service);
      open.push(service);
    }
  }
  return waiting;
}
