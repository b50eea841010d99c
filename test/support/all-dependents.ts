/**
 * Everything that depends on a service, directly or through others.
 */
import type { Graph } from '../../src/graph/graph.ts';

export function allDependents(graph: Graph, name: string): readonly string[] {
  const found = new Set<string>();
  const add = (from: string) => {
    for (const { service } of graph.dependents(from)) {
      if (found.has(service)) continue;
      found.add(service);
      add(service);
    }
  };
  add(name);
  return [...found];
}
