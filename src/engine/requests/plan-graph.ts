/**
 * From a graph that is to be in force to what becomes of each service. Pure but for reading nodes.
 *
 * What is removed goes, what has to be replaced is replaced, with what gives way to that; what runs and has changed in place
 * stays; what somebody stopped stays down. The rest is left alone.
 */
import type { ServiceConfig } from '../../config/types.ts';
import { buildGraph } from '../../graph/graph.ts';
import { type Plan, takingOver, withServices } from '../../graph/plan-run.ts';
import { isCovered } from '../service/dependents.ts';
import type { ServiceNode } from '../service/node.ts';
import type { Change, GraphCommand } from './command.ts';
import { type Difference, differenceOf } from './difference.ts';
import { reacting } from './expected.ts';
import { runs } from './plan.ts';

/**
 * What is wanted of a service when the new graph is in force: what is now; that it runs; nothing, since it has had what it was
 * wanted for, or since somebody stopped it.
 */
export type Want = 'as-it-is' | 'up' | 'spent' | 'down';

/** The plan of a command, or why it would not be sound. `current`: what is, or is about to be in force. */
export function targetOf(
  command: GraphCommand,
  named: ReadonlySet<string>,
  current: Plan,
): Plan | { readonly why: string } {
  const { definitions } = current;
  switch (command.kind) {
    case 'reload':
      return takingOver(command.plan, current);
    case 'add': {
      const { name } = command.service;
      const isThere = current.graph.services.includes(name) || definitions.some((one) => one.name === name);
      if (isThere) return { why: `there is a service "${name}" already` };
      return sound(current, [...definitions, command.service]);
    }
    case 'scale':
      return rescaled(current, named, command.replicas);
    case 'remove': {
      const stays = definitions.filter(({ name }) => !named.has(name));
      const needing = stays.find(({ dependsOn }) => dependsOn.some(({ service }) => named.has(service)));
      const needed = needing?.dependsOn.find(({ service }) => named.has(service));
      if (needing !== undefined) return { why: `"${needing.name}" depends on "${needed?.service}"` };
      return sound(current, stays);
    }
  }
}

/** Each is a service of its own: more would only take memory until there is none. */
const MOST_REPLICAS = 10_000;

function rescaled(
  current: Plan,
  named: ReadonlySet<string>,
  replicas: number,
): Plan | { readonly why: string } {
  if (!Number.isInteger(replicas) || replicas < 0 || replicas > MOST_REPLICAS)
    return { why: `there can't be ${replicas} replicas` };
  const single = current.definitions.find((one) => named.has(one.name) && one.replicas === undefined);
  if (single !== undefined) return { why: `"${single.name}" has no replicas` };
  const byHand = new Map([...current.byHand, ...[...named].map((name) => [name, replicas] as const)]);
  return withServices(current, current.definitions, byHand);
}

function sound(current: Plan, services: readonly ServiceConfig[]): Plan | { readonly why: string } {
  const built = buildGraph({ services });
  return built.ok ? withServices(current, services) : { why: built.problems[0]?.message ?? '' };
}

/**
 * What stops comes first, dependents before what they need; then what starts, the other way round; then the rest. `all`:
 * dependencies before what needs them.
 */
export function planGraph(
  all: readonly ServiceNode[],
  target: Plan,
  want: (node: ServiceNode) => Want = wantNow,
): readonly Change[] {
  const stay = new Set(target.graph.services);
  const removed = all.filter(({ name }) => !stay.has(name));
  const changed = all.flatMap((node): readonly Changed[] => {
    if (!stay.has(node.name)) return [];
    const difference = differenceOf(node.spec, target.graph.spec(node.name));
    const change = changeOf(node, difference, want(node));
    return change === undefined ? [] : [{ node, difference, change }];
  });
  const known = new Set(all.map(({ name }) => name));
  const added = target.graph.services.filter((name) => !known.has(name));
  const ends = ({ change }: Changed): boolean => change === 'restart' || change === 'retire';
  const down = [
    ...removed.map(({ name }): Change => ({ service: name, change: 'remove', isNamed: true })),
    ...changed.filter(ends).map(changeIn),
    ...followers(removed, changed),
  ];
  const places = new Map(all.map(({ name }, at) => [name, at]));
  return [
    ...down.toSorted((one, other) => places.get(other.service)! - places.get(one.service)!),
    ...changed.filter(({ change }) => change === 'start' || change === 'lift').map(changeIn),
    ...added.map((name) => addition(target.graph.spec(name), removed)),
    ...changed.filter(({ change }) => change === 'redefine').map(changeIn),
  ];
}

interface Changed {
  readonly node: ServiceNode;
  readonly difference: Difference | undefined;
  readonly change: 'start' | 'lift' | 'restart' | 'redefine' | 'retire';
}

/** As it stands, a change of the graph that is under way left aside. */
export function wantNow(node: ServiceNode): Want {
  return node.isDownByRequest ? 'down' : 'as-it-is';
}

function changeOf(
  node: ServiceNode,
  difference: Difference | undefined,
  want: Want,
): Changed['change'] | undefined {
  const redefined = difference && 'redefine';
  if (want === 'down') return redefined;
  // A change of the graph has brought it up, or has taken it down.
  if (want === 'spent') return node.isAtRest && node.isWantedUp ? redefined : 'retire';
  // Its turn to stop has not come: the instance stays, unless it has to be another one.
  if (want === 'up' && !node.isWantedUp && runs(node))
    return difference?.class === 'restart' ? 'restart' : 'lift';
  if (want === 'up' && (!node.isWantedUp || node.spent)) return 'start';
  if (difference === undefined) return undefined;
  const isWaiting = node.state === 'backoff' || node.state === 'failed';
  if (difference.class === 'in-place') return isWaiting ? 'start' : 'redefine';
  if (node.isAtRest) return isWaiting || node.completed ? 'start' : 'redefine';
  if (runs(node)) return 'restart';
  return node.hasInstance || isWaiting ? 'start' : 'redefine';
}

function changeIn({ node, difference, change }: Changed): Change {
  return {
    service: node.name,
    change,
    isNamed: true,
    ...(difference && { keys: difference.keys, class: difference.class }),
  };
}

/** What gives way when these go, and comes back by its edges; another replica stands in for one that goes for good. */
function followers(removed: readonly ServiceNode[], changed: readonly Changed[]): readonly Change[] {
  const of = (kinds: readonly Changed['change'][]) =>
    changed.filter(({ change }) => kinds.includes(change)).map(({ node }) => node);
  const gone = [...removed, ...of(['restart', 'retire'])];
  const known = new Set([...gone, ...of(['start'])]);
  const leaves = new Set(removed);
  const stands = (replica: ServiceNode) => replica.ready && !leaves.has(replica);
  return [...reacting(gone, (dependent, node) => leaves.has(node) && isCovered(dependent, node, stands))]
    .filter((node) => !known.has(node))
    .map((node) => ({
      service: node.name,
      change: 'follow',
      isNamed: false,
      along: node.bindings.map(({ edge }) => edge.service),
    }));
}

function addition(spec: ServiceConfig, removed: readonly ServiceNode[]): Change {
  const before = removed.find((node) => differenceOf(node.spec, spec) === undefined);
  return {
    service: spec.name,
    change: 'add',
    isNamed: true,
    ...(before !== undefined && { likely: before.name }),
  };
}
