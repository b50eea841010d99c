/**
 * What is said of an edge beside its arrow: where it isn't what an edge is by default. Pure.
 */
import { formatDuration } from '../config/duration.ts';
import type { Edge } from '../config/types.ts';

/** The condition, unless it is `ready`. */
export function conditionWords({ condition }: Edge): string[] {
  return condition === 'ready' ? [] : [condition];
}

/** What follows its loss, unless nothing does: `on loss: restart after 2s`. */
export function lossWords({ onLoss }: Edge): string[] {
  if (onLoss === undefined) return [];
  const after = onLoss.afterMs > 0 ? ` after ${formatDuration(onLoss.afterMs)}` : '';
  return [`on loss: ${onLoss.act}${after}`];
}
