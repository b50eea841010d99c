/**
 * Who may run at once when a shutdown begins. Pure.
 *
 * A task that has completed takes no time to stop, and while it still runs nothing that waits for its end does: so a
 * chain through a task is never stopped as a whole.
 */
import type { Graph } from './graph.ts';

/** All services, every task having ended; then for each task: it, with the services that don't wait for its end. */
export function runningStates(graph: Graph): readonly ReadonlySet<string>[] {
  const isTask = (name: string) => graph.spec(name).type === 'task';
  const services = graph.services.filter((name) => !isTask(name));
  const duringTasks = graph.services.filter(isTask).map((task) => {
    const waiting = waitingForEnd(graph, task);
    return new Set([...services.filter((name) => !waiting.has(name)), task]);
  });
  return [new Set(services), ...duringTasks];
}

function waitingForEnd(graph: Graph, task: string): ReadonlySet<string> {
  const waiting = new Set<string>();
  const add = (name: string, mayHaveStarted: boolean): void => {
    for (const { service, edge } of graph.dependents(name)) {
      const forEnd = edge.condition === 'completed' || edge.condition === 'exited';
      if (edge.optional || waiting.has(service) || (mayHaveStarted && !forEnd)) continue;
      waiting.add(service);
      add(service, false);
    }
  };
  add(task, true);
  return waiting;
}
