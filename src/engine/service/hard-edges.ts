/**
 * Who can't be without whom. Pure but for reading nodes.
 *
 * An edge is hard if it is not optional, and wants the dependency to run: `started` or `ready`, and not of a task that has
 * completed.
 */
import type { Edge } from '../../config/types.ts';
import type { ServiceNode } from './node.ts';

export function isHard({ optional, condition }: Edge, dependency: ServiceNode): boolean {
  const wantsItRunning = condition === 'started' || condition === 'ready';
  return !optional && wantsItRunning && !(dependency.isTask && dependency.completed);
}

/** Who reaches it over hard edges, directly or through others, the nearest first. */
export function hardDependents(node: ServiceNode): ReadonlySet<ServiceNode> {
  const found = new Set<ServiceNode>();
  const open = [node];
  for (const one of open) {
    for (const dependent of one.dependents) {
      if (found.has(dependent) || !dependsHardOn(dependent, one)) continue;
      found.add(dependent);
      open.push(dependent);
    }
  }
  return found;
}

/** What it can't start without, directly or through others: over edges that aren't optional, and want it running or are to tasks. */
export function needsOf(node: ServiceNode): ReadonlySet<ServiceNode> {
  const found = new Set<ServiceNode>();
  const open = [node];
  for (const one of open) {
    for (const { service, optional, condition } of one.spec.dependsOn) {
      const dependency = one.dependencies.find(({ name }) => name === service);
      if (dependency === undefined || found.has(dependency) || optional) continue;
      if (!dependency.isTask && condition !== 'started' && condition !== 'ready') continue;
      found.add(dependency);
      open.push(dependency);
    }
  }
  return found;
}

function dependsHardOn(dependent: ServiceNode, node: ServiceNode): boolean {
  return dependent.spec.dependsOn.some((edge) => edge.service === node.name && isHard(edge, node));
}
