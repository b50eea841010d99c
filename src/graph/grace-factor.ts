/**
 * The largest factor, at most 1, by which all graces can be multiplied so that the longest chain fits a budget.
 *
 * The longest chain as a function of the factor is the maximum of straight lines, one for each chain. So Newton's
 * method from 1 downwards is exact: each step meets the line of a chain that doesn't fit, none is met twice, and
 * it ends at the first factor with which even the longest one fits.
 */
import type { Graph } from './graph.ts';
import { longestChain } from './longest-chain.ts';

/**
 * Differences of milliseconds below this come from floating point, not from settings, which are whole ones: a sum of ten
 * thousand terms that make a day is off by less than a tenth of it. Events tell no smaller times either.
 */
export const ROUNDING_MS = 1e-3;

/** What a service takes is `factor * graceMs + fixedMs`. 0, if the longest chain of `fixedMs` alone doesn't fit. */
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
