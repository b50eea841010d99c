/**
 * Whether a service at rest is to leave that: it is wanted, by a wish that is not spent yet, and no edge of it is without
 * hope. Pure but for reading and telling nodes.
 */
import { judgeEdge } from './edges.ts';
import type { ServiceNode } from './node.ts';

export function mayLeaveRest(node: ServiceNode): boolean {
  return node.isWantedUp && !node.spent && !isBlocked(node);
}

/** Takes notice of whether it could begin; those that depend on it are told if that has changed. */
export function refreshBlocked(node: ServiceNode): void {
  const blocked = node.isWantedUp && !node.spent && isBlocked(node);
  if (blocked === node.blocked) return;
  node.blocked = blocked;
  node.tellDependents();
}

/** Whether it is gone, of every service, by their rests; `order`: dependencies before what needs them. */
export function refreshGone(order: readonly ServiceNode[]): void {
  for (const node of order.toReversed()) {
    const isGone = node.isAtRest && node.dependentsGone;
    if (isGone && !node.gone) node.tellDependencies();
    node.gone = isGone;
  }
}

function isBlocked(node: ServiceNode): boolean {
  if (node.stopReason !== undefined) return true;
  return node.spec.dependsOn.some((edge) => {
    const dependency = node.dependency(edge.service);
    return !edge.optional && dependency !== undefined && judgeEdge(edge.condition, dependency) === 'never';
  });
}

/** It stands again between what needs it and what it needs. */
export function unspreadGone(left: ServiceNode): void {
  const reached = [left];
  for (let node = reached.pop(); node !== undefined; node = reached.pop()) {
    if (!node.gone) continue;
    node.gone = false;
    reached.push(...node.dependencies);
  }
}

/** Its instance is gone. What is to stop below it may have waited for that, with others in between. */
export function wakeBelow(gone: ServiceNode): void {
  const found = new Set([gone]);
  for (const node of found) {
    for (const dependency of node.dependencies) {
      // Others below that one wait for it too.
      if (dependency.hasInstance && dependency.leaving !== undefined) dependency.pulse.fire();
      else found.add(dependency);
    }
  }
}
