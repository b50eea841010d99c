/**
 * The graph as the record tells it, so that whoever reads only that knows what waits for what. Pure.
 */
import type { Dependency } from '../../events/fact-shape.ts';
import type { Graph } from '../../graph/graph.ts';

/** By service, of those that depend on any. */
export function describeDependencies(graph: Graph): Record<string, Dependency[]> {
  const described: Record<string, Dependency[]> = {};
  for (const name of graph.services) {
    const edges = graph.dependencies(name);
    if (edges.length === 0) continue;
    described[name] = edges.map(({ service, condition, optional, onLoss }) => ({
      service,
      condition,
      ...(optional && { optional }),
      ...(onLoss && { on_loss: onLoss.act, after_ms: onLoss.afterMs }),
    }));
  }
  return described;
}
