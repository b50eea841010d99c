/**
 * The longest that what a request stops may take: each its whole grace, a kill and its clean-ups, one after the other where one
 * needs the other. Pure but for reading nodes.
 */
import { longestChain } from '../../graph/longest-chain.ts';
import type { Plan } from '../../graph/plan-run.ts';
import { KILL_MS } from '../../graph/stop-limits.ts';
import type { ServiceNode } from '../service/node.ts';
import type { Change } from './command.ts';

const ENDS: ReadonlySet<Change['change']> = new Set(['stop', 'restart', 'remove', 'retire', 'follow']);

/** In milliseconds. `inForce`: its order counts; `graceMs`: in place of their own. */
export function worstMs(
  changes: readonly Change[],
  nodes: readonly ServiceNode[],
  { graph, limits }: Plan,
  graceMs?: number | undefined,
): number {
  const ending = new Set(changes.filter(({ change }) => ENDS.has(change)).map(({ service }) => service));
  const running = new Set(
    nodes.filter(({ name, hasInstance }) => hasInstance && ending.has(name)).map(({ name }) => name),
  );
  if (running.size === 0) return 0;
  const ownMs = (name: string): number => {
    const own = limits.get(name);
    return !running.has(name) || own === undefined ? 0 : (graceMs ?? own.graceMs) + KILL_MS + own.cleanupMs;
  };
  return longestChain(graph, ownMs).lengthMs;
}
