/**
 * The largest factor, at most 1, by which all graces can be multiplied so that the longest chain fits a budget.
 *
 * The longest chain as a function of the factor is the maximum of straight lines, one for each chain. So Newton's
 * method from 1 downwards is exact: each step meets the line of a chain that doesn't fit, none is met twice, and
 * it ends at the first factor with which even the longest one fits.
 */
import type { Graph } from './graph.ts';
import { longestChain } from './longest-chain.ts';

/** Differences of milliseconds below this come from floating point, not from settings. */
export const ROUNDING_MS = 1e-6;

export interface GraceFactor {
  readonly factor: number;
  /** False: even without any grace the longest chain takes more than the budget; the factor is 0 then. */
  readonly fits: boolean;
}

/** What a service takes is `factor * graceMs + fixedMs`. */
export function graceFactor(
  graph: Graph,
  budgetMs: number,
  graceMs: (service: string) => number,
  fixedMs: (service: string) => number,
): GraceFactor {
  for (let factor = 1; ; ) {
    const longest = longestChain(graph, (name) => factor * graceMs(name) + fixedMs(name));
    if (longest.lengthMs <= budgetMs + ROUNDING_MS) return { factor, fits: true };
    const roomMs = budgetMs - sum(longest.chain, fixedMs);
    if (roomMs < -ROUNDING_MS) return { factor: 0, fits: false };
    const next = Math.max(0, roomMs) / sum(longest.chain, graceMs);
    // Rounding alone keeps the same chain too long.
    if (next >= factor) return { factor, fits: true };
    factor = next;
  }
}

function sum(names: readonly string[], valueMs: (service: string) => number): number {
  return names.reduce((totalMs, name) => totalMs + valueMs(name), 0);
}
