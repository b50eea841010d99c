/**
 * Who relies on an instance, by edges that react, and whether they are still there. Pure but for reading and telling nodes.
 *
 * Those that keep running without it are not waited for, nor are those that still have time to see it back.
 */
import { isCovered } from './hard-edges.ts';
import type { ServiceNode } from './node.ts';

/** From now on its instance can't be relied on, be it still alive or not. `why` is a clause fit after its name. */
export function loseInstance(node: ServiceNode, why: string): void {
  node.lost = why;
  node.ready = false;
  node.tellDependents();
}

/**
 * Nobody that gives way, or will at once, because this service is lost is still there, clean-ups included. Who has been
 * told to stop counts only if it does: it may have to wait for somebody who can do without it and runs on.
 */
export function reliersGone(
  node: ServiceNode,
  counts: (dependent: ServiceNode) => boolean = () => true,
): boolean {
  // What is replaced unnoticed is lost to nobody.
  if (node.replacement?.isQuiet === true || node.isReplacedQuietly) return true;
  return !node.dependents.some(
    (dependent) =>
      counts(dependent) &&
      !(node.isDownByRequest && isCovered(dependent, node)) &&
      (dependent.stopReason === undefined || isGoing(dependent)) &&
      dependent.reliesOn(node, ({ onLoss }) => onLoss.afterMs === 0 || dependent.givesWay !== undefined),
  );
}

/** It was told to stop, and so was everything that it waits for before it does. */
function isGoing(node: ServiceNode): boolean {
  if (node.isDownByRequest) return true;
  const mustStop = ({ stopReason }: ServiceNode) => stopReason !== undefined;
  return mustStop(node) && node.everyDependent(mustStop);
}
