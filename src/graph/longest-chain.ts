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

/** Its services as numbers, in the order of their starts, and of each those that it depends on. */
interface Order {
  readonly names: readonly string[];
  readonly dependencies: readonly (readonly number[])[];
  /** The numbers in the order of the file. */
  readonly inFile: readonly number[];
}

/** A graph never changes: its order is worked out once. */
const orders = new WeakMap<Graph, Order>();

function orderOf(graph: Graph): Order {
  const known = orders.get(graph);
  if (known !== undefined) return known;
  const names = startWaves(graph).flat();
  const numbers = new Map(names.map((name, number) => [name, number]));
  const order = {
    names,
    dependencies: names.map((name) => graph.dependencies(name).map((edge) => numbers.get(edge.service)!)),
    inFile: graph.services.map((name) => numbers.get(name)!),
  };
  orders.set(graph, order);
  return order;
}

/** `takesMs` is never negative, and is asked once for each. */
export function longestChain(graph: Graph, takesMs: (service: string) => number): LongestChain {
  const { names, dependencies, inFile } = orderOf(graph);
  const takes = names.map(takesMs);
  const tails = new Float64Array(names.length);
  const from = new Float64Array(names.length);
  const next = new Int32Array(names.length).fill(-1);

  for (let at = 0; at < names.length; at++) {
    const after = longest(dependencies[at]!);
    next[at] = after;
    tails[at] = after === -1 ? 0 : from[after]!;
    from[at] = takes[at]! + tails[at]!;
  }
  const chain: string[] = [];
  const first = longest(inFile);
  for (let at = first; at !== -1; at = next[at]!) if (takes[at]! > 0) chain.push(names[at]!);
  return {
    lengthMs: first === -1 ? 0 : from[first]!,
    chain,
    tailMs: new Map(names.map((name, at) => [name, tails[at]!])),
  };

  /** The first of the longest; -1: of none. */
  function longest(some: readonly number[]): number {
    let best = -1;
    for (const at of some) if (best === -1 || from[at]! > from[best]!) best = at;
    return best;
  }
}
