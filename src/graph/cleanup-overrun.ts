/**
 * How much longer than its budget a shutdown takes when every service uses all the time that it may and its clean-ups
 * use up their timeouts, of which the plan has put aside only a part. Pure.
 *
 * That is the worst case: who is slower makes nobody faster.
 */
import { ROUNDING_MS } from './grace-factor.ts';
import type { Graph } from './graph.ts';
import { startOrder } from './longest-chain.ts';
import type { ShutdownPlan } from './shutdown-budget.ts';

export function cleanupOverrun(graph: Graph, budgetMs: number, services: ShutdownPlan['services']): number {
  const goneMs = new Map<string, number>();
  let lastMs = 0;
  for (const name of startOrder(graph).toReversed()) {
    let startMs = 0;
    for (const { service } of graph.dependents(name)) startMs = Math.max(startMs, goneMs.get(service) ?? 0);
    const { graceMs, killMs, cleanupMs, reservedMs, tailMs } = services.get(name)!;
    const latestMs = Math.max(startMs, budgetMs - killMs - reservedMs - tailMs);
    const endMs = Math.min(startMs + graceMs, latestMs) + killMs + cleanupMs;
    goneMs.set(name, endMs);
    lastMs = Math.max(lastMs, endMs);
  }
  return lastMs <= budgetMs + ROUNDING_MS ? 0 : lastMs - budgetMs;
}
