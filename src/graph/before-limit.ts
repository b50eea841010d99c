/**
 * How long the commands that run before an instance may take, all of them together: as long as readiness has. Pure.
 */
import type { ServiceConfig } from '../config/types.ts';

/** Where nothing is said of readiness. */
const USUAL_MS = 60_000;

/** Infinity: there is no limit, as for a task; 0: there are none. */
export function beforeLimitMs({
  before = [],
  ready,
  type,
}: Pick<ServiceConfig, 'before' | 'ready' | 'type'>): number {
  if (before.length === 0) return 0;
  if (ready === undefined && type === 'service') return USUAL_MS;
  return ready?.withinMs ?? Number.POSITIVE_INFINITY;
}
