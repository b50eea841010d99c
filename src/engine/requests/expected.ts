/**
 * What a request waits for: which services, and from which instance of each on. Pure but for reading nodes.
 */
import type { ServiceNode } from '../service/node.ts';
import type { Change, Command } from './command.ts';
import { runs } from './plan.ts';

/** The number of the last instance that the request does not mean. */
export function beforeNew(command: Command, node: ServiceNode, changes: readonly Change[]): number {
  const isReplaced = changes.some(({ service, change }) => service === node.name && change === 'restart');
  const isSpawned = node.launching ? 1 : 0;
  const isReacting =
    (command.kind === 'restart' && !changes.some(({ service }) => service === node.name)) ||
    changes.some(({ service, change }) => service === node.name && change === 'follow');
  if (isReplaced || (isReacting && node.hasInstance && node.bindings.length > 0))
    return node.attempt + isSpawned;
  // A client is content with a task that has completed.
  const isDone = node.completed && !changes.some(({ service }) => service === node.name);
  return (runs(node) && !node.launching) || isDone ? node.attempt - 1 : node.attempt;
}

/** What the request waits for beside those that it names: what a stop takes along, what ends and comes back for a restart. */
export function othersOf(
  command: Command,
  changes: readonly Change[],
  nodes: ReadonlyMap<string, ServiceNode>,
): readonly ServiceNode[] {
  const changed = changes.map(({ service }) => nodes.get(service)!);
  if (command.kind === 'stop' || command.kind === 'release') return changed;
  if (command.kind !== 'restart') return [];
  const replaced = changes
    .filter(({ change }) => change === 'restart')
    .map(({ service }) => nodes.get(service)!);
  return [...(command.noDeps === true ? replaced : reacting(replaced))];
}

/** What gives way at once when these go, directly or through others; `spares`: of which that is not so. */
export function reacting(
  nodes: readonly ServiceNode[],
  spares: (dependent: ServiceNode, node: ServiceNode) => boolean = () => false,
): ReadonlySet<ServiceNode> {
  const found = new Set(nodes);
  for (const node of found) {
    for (const dependent of node.dependents) {
      if (spares(dependent, node)) continue;
      if (dependent.hasInstance && dependent.isBoundTo(node, ({ onLoss }) => onLoss.afterMs === 0))
        found.add(dependent);
    }
  }
  return found;
}
