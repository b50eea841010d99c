/**
 * What can't be without what, and what gives way when an instance goes. Pure but for reading and telling nodes.
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

/**
 * Another replica stands in for one that a request takes down, in the eyes of that dependent; `counts`: which of them does.
 */
export function isCovered(
  dependent: ServiceNode,
  node: ServiceNode,
  counts: (replica: ServiceNode) => boolean = ({ ready, lost }) => ready && lost === undefined,
): boolean {
  const { dependsOn } = dependent.spec;
  const group = dependsOn.find(({ service }) => service === node.name)?.group;
  if (group === undefined) return false;
  return dependsOn.some((other) => {
    const replica = other.group?.name === group.name ? dependent.dependency(other.service) : undefined;
    return replica !== undefined && replica !== node && counts(replica);
  });
}

/** What reaches it over hard edges, directly or through others, the nearest first; `going`: what goes with it. */
export function hardDependents(
  node: ServiceNode,
  going: ReadonlySet<ServiceNode> = new Set(),
): ReadonlySet<ServiceNode> {
  const stays = (replica: ServiceNode) => replica.isWantedUp && replica.ready && !going.has(replica);
  const found = new Set<ServiceNode>();
  const open = [node];
  for (const one of open) {
    for (const dependent of one.dependents) {
      if (found.has(dependent) || !dependsHardOn(dependent, one) || isCovered(dependent, one, stays))
        continue;
      found.add(dependent);
      open.push(dependent);
    }
  }
  return found;
}

/** Whether one of these is there. What is gone, with all that depends on it, is not looked behind. */
export function someHardDependent(node: ServiceNode, isIt: (dependent: ServiceNode) => boolean): boolean {
  const found = new Set([node]);
  // A set gives its iterator what is added meanwhile.
  for (const one of found) {
    for (const dependent of one.dependents) {
      if (dependent.gone || found.has(dependent) || !dependsHardOn(dependent, one)) continue;
      if (one.isDownByRequest && isCovered(dependent, one)) continue;
      if (isIt(dependent)) return true;
      found.add(dependent);
    }
  }
  return false;
}

/** What it can't start without: over edges that aren't optional, and want it running or are to tasks. */
export function needsOf(node: ServiceNode): readonly ServiceNode[] {
  return node.spec.dependsOn.flatMap(({ service, optional, condition }) => {
    const dependency = node.dependency(service);
    const isNeeded = dependency?.isTask === true || condition === 'started' || condition === 'ready';
    return dependency !== undefined && !optional && isNeeded ? [dependency] : [];
  });
}

/** These, and all that they need. What optional edges lead to comes too, if it is at rest and nobody stopped it. */
export function withNeeds(named: readonly ServiceNode[]): ReadonlySet<ServiceNode> {
  const wanted = new Set(named);
  // A set gives its iterator what is added meanwhile.
  for (const node of wanted) {
    for (const need of needsOf(node)) wanted.add(need);
    for (const { service, optional } of node.spec.dependsOn) {
      const dependency = node.dependency(service);
      if (optional && dependency?.isAtRest && dependency.isWantedUp) wanted.add(dependency);
    }
  }
  return wanted;
}

function dependsHardOn(dependent: ServiceNode, node: ServiceNode): boolean {
  return dependent.spec.dependsOn.some((edge) => edge.service === node.name && isHard(edge, node));
}

// What is bound to an instance, by edges that react, and whether that is still there.
//
// Those that keep running without it are not waited for, nor are those that still have time to see it back.

/** From now on its instance can't be relied on, be it still alive or not. `why` is a clause fit after its name. */
export function loseInstance(node: ServiceNode, why: string): void {
  node.lost = why;
  if (node.instance !== undefined) node.instance.isReady = false;
  node.tellDependents();
}

/** Of a task that has completed nothing can be lost, though it runs again before it has come to rest. */
export function unbindDependents(task: ServiceNode): void {
  for (const dependent of task.dependents) {
    dependent.bindings = dependent.bindings.filter(({ edge }) => edge.service !== task.name);
    dependent.pulse.fire();
  }
}

/**
 * Nobody that gives way, or will at once, because this service is lost is still there, clean-ups included. What has been
 * told to stop counts only if it does: it may have to wait for what can do without it and runs on.
 */
export function boundGone(
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
      givesWayTo(dependent, node),
  );
}

/** It is bound to its instance, and goes at once when that does. */
function givesWayTo(dependent: ServiceNode, node: ServiceNode): boolean {
  return dependent.isBoundTo(node, ({ onLoss }) => onLoss.afterMs === 0 || dependent.givesWay !== undefined);
}

/**
 * Its instance is about to go: it ends already, or it was told to stop, and so was everything that is in its way, but for what
 * gives way to it.
 */
function isGoing(node: ServiceNode): boolean {
  if (node.isDownByRequest) return true;
  const found = new Set([node]);
  for (const one of found) {
    if (one.isEnding) continue;
    if (one.stopReason === undefined && !one.isAtRest) return false;
    // A set gives its iterator what is added meanwhile.
    for (const dependent of one.dependents)
      if (isInTheWay(dependent, one) && !givesWayTo(dependent, one)) found.add(dependent);
  }
  return true;
}

/**
 * What is told to stop waits for it, unless everything goes down: not for what has given way and goes on without, nor for what waits
 * for its end. Of a dependent at rest only what depends on that can be in the way.
 */
export function isInTheWay(
  dependent: ServiceNode,
  node: ServiceNode,
  seen = new Set<ServiceNode>(),
): boolean {
  if (dependent.gone || isWithout(dependent, node) || waitsForEnd(dependent, node)) return false;
  if (!dependent.isAtRest) return true;
  if (seen.has(dependent)) return false;
  seen.add(dependent);
  return dependent.dependents.some((one) => isInTheWay(one, dependent, seen));
}

/** It can do without that instance, or reacts to its loss, and has none that was started with it. */
function isWithout(dependent: ServiceNode, node: ServiceNode): boolean {
  const canBe = ({ service, optional, onLoss }: Edge) =>
    service === node.name && (optional || onLoss !== undefined);
  return (
    dependent.stopReason === undefined && dependent.spec.dependsOn.some(canBe) && !dependent.isBoundTo(node)
  );
}

function waitsForEnd(dependent: ServiceNode, node: ServiceNode): boolean {
  const forEnd = dependent.spec.dependsOn.some(
    ({ service, condition }) =>
      service === node.name && (condition === 'exited' || condition === 'completed'),
  );
  const isNotThere = ({ hasInstance }: ServiceNode) => !hasInstance;
  return forEnd && isNotThere(dependent) && dependent.everyDependent(isNotThere);
}
