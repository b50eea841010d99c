/** What is left to the caller before its surroundings cancel it. */
import { ambient } from './ambient.ts';
import type { CancelNode } from './cancel-node.ts';

/**
 * The earliest deadline of the scopes around the caller up to the nearest shield, in ms of the
 * clock: `Infinity` if there is none, `-Infinity` if one has passed or the scope is cancelled.
 */
export function effectiveDeadline(): number {
  const scope = ambient()?.scope;
  if (scope?.effective() !== undefined) return Number.NEGATIVE_INFINITY;
  return earliestDeadline(scope);
}

function earliestDeadline(scope: CancelNode | undefined): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (let node = scope; node !== undefined; node = node.visibleParent) {
    earliest = Math.min(earliest, node.deadline, earliestDeadline(node.visibleCaller));
  }
  return earliest;
}
