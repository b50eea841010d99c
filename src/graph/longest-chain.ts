/**
 * The longest way through the stop order when each service takes a given time: what a shutdown lasts if nothing
 * but order holds it up.
 *
 * A chain is a list of services of which each one depends on the next; the first stops first.
 */
import { type Graph, startWaves } from './graph.ts';

/**
 * Differences of milliseconds below this come from floating point, not from settings, which are whole ones: a sum of
 * ten thousand terms that make a day is off by less than a tenth of it. Events tell no smaller times either.
 */
export const ROUNDING_MS = 1e-3;

export interface LongestChain {
  readonly lengthMs: number;
  /** The services that make it, without those that take no time; the first in the order of the file if several do. */
  readonly chain: readonly string[];
  /** For each service the longest chain of what stops after it, itself not included. */
  readonly tailMs: ReadonlyMap<string, number>;
}

/** The services by numbers, each after all of its dependencies. */
interface Order {
  readonly names: readonly string[];
  /** In the order of its edges. */
  readonly dependencies: readonly (readonly number[])[];
  /** In the order of the file. */
  readonly inFile: readonly number[];
}

/** A graph never changes: its order is worked out once. */
const orders = new WeakMap<Graph, Order>();

function orderOf(graph: Graph): Order {
  const known = orders.get(graph);
  if (known !== undefined) return known;
  const names = startWaves(graph).flat();
  const numbers = new Map(names.map((name, at) => [name, at]));
  const order = {
    names,
    dependencies: names.map((name) => graph.dependencies(name).map((edge) => numbers.get(edge.service)!)),
    inFile: graph.services.map((name) => numbers.get(name)!),
  };
  orders.set(graph, order);
  return order;
}

/** Each service after all of its dependencies. */
export function startOrder(graph: Graph): readonly string[] {
  return orderOf(graph).names;
}

/** `takesMs` is never negative, and is asked once for each service. One pass, however long a chain is. */
export function longestChain(graph: Graph, takesMs: (service: string) => number): LongestChain {
  const { names, dependencies, inFile } = orderOf(graph);
  const ownMs = names.map(takesMs);
  const tailMs: number[] = [];
  const fromMs: number[] = [];
  const next: (number | undefined)[] = [];
  for (const [at, needs] of dependencies.entries()) {
    const after = longest(needs, fromMs);
    next.push(after);
    tailMs.push(after === undefined ? 0 : fromMs[after]!);
    fromMs.push(ownMs[at]! + tailMs[at]!);
  }
  const first = longest(inFile, fromMs);
  return {
    lengthMs: first === undefined ? 0 : fromMs[first]!,
    // Most callers want to know the length alone.
    get chain() {
      const chain: string[] = [];
      for (let at = first; at !== undefined; at = next[at]) if (ownMs[at]! > 0) chain.push(names[at]!);
      return chain;
    },
    get tailMs() {
      return new Map(names.map((name, at) => [name, tailMs[at]!]));
    },
  };
}

/** The first of those from which it is longest. */
function longest(numbers: readonly number[], fromMs: readonly number[]): number | undefined {
  let best: number | undefined;
  for (const at of numbers) if (best === undefined || fromMs[at]! > fromMs[best]!) best = at;
  return best;
}

/**
 * The largest factor, at most 1, by which all graces can be multiplied so that the longest chain fits a budget. What a
 * service takes is `factor * graceMs + fixedMs`. 0, if the longest chain of `fixedMs` alone doesn't fit.
 *
 * The longest chain as a function of the factor is the maximum of straight lines, one for each chain. So Newton's
 * method from 1 downwards is exact: each step meets the line of a chain that doesn't fit, none is met twice, and
 * it ends at the first factor with which even the longest one fits.
 */
export function graceFactor(
  graph: Graph,
  budgetMs: number,
  graceMs: (service: string) => number,
  fixedMs: (service: string) => number,
): number {
  for (let factor = 1; ; ) {
    const longest = longestChain(graph, (name) => factor * graceMs(name) + fixedMs(name));
    if (longest.lengthMs <= budgetMs + ROUNDING_MS) return factor;
    const roomMs = Math.max(0, budgetMs - sum(longest.chain, fixedMs));
    const next = roomMs / sum(longest.chain, graceMs);
    // Rounding alone keeps the same chain too long.
    if (!(next < factor)) return factor;
    factor = next;
  }
}

function sum(names: readonly string[], valueMs: (service: string) => number): number {
  return names.reduce((totalMs, name) => totalMs + valueMs(name), 0);
}
