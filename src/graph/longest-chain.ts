/**
 * The longest way through the stop order when each service takes a given time: what a shutdown lasts if nothing
 * but order holds it up.
 *
 * A chain is a list of services of which each one depends on the next; the first stops first.
 */
import type { Graph } from './graph.ts';
import { startWaves } from './plan.ts';

export interface LongestChain {
  readonly lengthMs: number;
  /** The services that make it, without those that take no time; the first in the order of the file if several do. */
  readonly chain: readonly string[];
  /** For each service the longest chain of what stops after it, itself not included. */
  readonly tailMs: ReadonlyMap<string, number>;
}

/** A graph never changes: its order is worked out once. */
const orders = new WeakMap<Graph, readonly string[]>();

/** Each service after all of its dependencies. */
export function startOrder(graph: Graph): readonly string[] {
  const order = orders.get(graph) ?? startWaves(graph).flat();
  orders.set(graph, order);
  return order;
}

/** `takesMs` is never negative. */
export function longestChain(graph: Graph, takesMs: (service: string) => number): LongestChain {
  const tailMs = new Map<string, number>();
  const next = new Map<string, string>();
  const fromMs = (name: string) => takesMs(name) + (tailMs.get(name) ?? 0);

  for (const name of startOrder(graph)) {
    const after = longest(graph.dependencies(name).map((edge) => edge.service));
    tailMs.set(name, after === undefined ? 0 : fromMs(after));
    if (after !== undefined) next.set(name, after);
  }
  const chain: string[] = [];
  const first = longest(graph.services);
  for (let name = first; name !== undefined; name = next.get(name)) chain.push(name);
  return {
    lengthMs: first === undefined ? 0 : fromMs(first),
    chain: chain.filter((name) => takesMs(name) > 0),
    tailMs,
  };

  function longest(names: readonly string[]): string | undefined {
    return names.reduce<string | undefined>(
      (best, name) => (best === undefined || fromMs(name) > fromMs(best) ? name : best),
      undefined,
    );
  }
}
