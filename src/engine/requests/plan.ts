/**
 * From a command to what is to become of each service. Pure but for reading nodes: made in one turn of the loop with what is
 * done then, so that nothing can come between.
 *
 * A start gives a wish to what is named and to what that needs, and takes along what had been stopped with it. A stop takes
 * what needs it first. What is as asked already is left alone.
 */
import { hardDependents, withNeeds } from '../service/dependents.ts';
import type { ServiceNode } from '../service/node.ts';
import type { Change, Command, GraphCommand } from './command.ts';
import type { Leases } from './leases.ts';

export interface Planned {
  /** Those of a start with dependencies first, those of a stop with dependents first. */
  readonly changes: readonly Change[];
  readonly named: readonly ServiceNode[];
}

/** `all`: dependencies before what needs them. */
export function planCommand(
  command: Exclude<Command, GraphCommand>,
  named: readonly ServiceNode[],
  all: readonly ServiceNode[],
  leases: Leases,
): Planned {
  switch (command.kind) {
    case 'start':
      return { named, changes: planStart(named, all, leases, command) };
    case 'release': {
      const held = leases.heldAlone(command.lease, all);
      return { named: held, changes: planStop(held, all, false) };
    }
    case 'stop':
      return { named, changes: planStop(named, all, command.noDeps === true) };
    case 'restart':
      return planRestart(named, all, leases, command);
    case 'signal':
      return {
        named,
        changes: named.map(({ name }) => ({ service: name, change: 'signal', isNamed: true })),
      };
    case 'wait':
      return { named, changes: [] };
  }
}

/** What is held by a lease is asked for by nobody: what is done need not be done again, and what went along stays down. */
function planStart(
  named: readonly ServiceNode[],
  all: readonly ServiceNode[],
  leases: Leases,
  { noDeps = false, lease }: Pick<Command & { readonly kind: 'start' }, 'noDeps' | 'lease'> = {},
): readonly Change[] {
  const wanted = noDeps ? new Set(named) : withNeeds(named);
  const asked = new Set(lease === undefined ? named : []);
  const changes = new Map<ServiceNode, Change>();
  for (const node of wanted) {
    const isNamed = asked.has(node);
    // From now on it is more than a client's.
    const isHeld = isNamed && node.isWantedUp && leases.isHeld(node);
    const change = startOf(node, isNamed) ?? (isHeld ? 'lift' : undefined);
    if (change !== undefined) changes.set(node, { service: node.name, change, isNamed });
  }
  for (const node of lease === undefined ? comingBack(wanted, all) : []) {
    if (!changes.has(node)) changes.set(node, { service: node.name, change: 'start', isNamed: false });
  }
  return inOrder(changes, all);
}

function startOf(node: ServiceNode, isNamed: boolean): 'start' | 'lift' | undefined {
  const isDone = !isNamed && node.isTask && node.completed;
  if (!node.isWantedUp) return isDone ? 'lift' : 'start';
  if (node.state === 'backoff' || (node.isEnding && isNamed)) return 'start';
  return node.isAtRest && !isDone ? 'start' : undefined;
}

/** What was only stopped along with these, and with nothing else. */
function comingBack(wanted: ReadonlySet<ServiceNode>, all: readonly ServiceNode[]): readonly ServiceNode[] {
  const names = new Set([...wanted].map(({ name }) => name));
  return all.filter(({ wish: { down } }) => {
    if (down === undefined || down.isNamed || down.along.size === 0) return false;
    return [...down.along].every((name) => names.has(name));
  });
}

function planStop(
  named: readonly ServiceNode[],
  all: readonly ServiceNode[],
  noDeps: boolean,
): readonly Change[] {
  const asked = new Set(named);
  const along = new Map<ServiceNode, string[]>();
  for (const node of noDeps ? [] : named) {
    for (const dependent of hardDependents(node, asked)) {
      // What went along with something else before goes along with this too, though there is nothing left to do.
      const isDownAlong = dependent.wish.down?.isNamed === false;
      const isLeftAlone = (dependent.isAtRest && !isDownAlong) || dependent.wish.by === 'shutdown';
      if (isLeftAlone || asked.has(dependent)) continue;
      along.set(dependent, [...(along.get(dependent) ?? []), node.name]);
    }
  }
  const changes = new Map<ServiceNode, Change>();
  for (const node of named) {
    if (node.wish.down?.isNamed !== true)
      changes.set(node, { service: node.name, change: 'stop', isNamed: true });
  }
  for (const [node, names] of along) {
    const { down } = node.wish;
    if (down !== undefined && names.every((name) => down.along.has(name))) continue;
    changes.set(node, { service: node.name, change: 'stop', isNamed: false, along: names });
  }
  return inOrder(changes, all).toReversed();
}

function planRestart(
  asked: readonly ServiceNode[],
  all: readonly ServiceNode[],
  leases: Leases,
  { withDependents, ifUp }: Command & { readonly kind: 'restart' },
): Planned {
  const named = ifUp === true ? asked.filter((node) => !node.isAtRest) : asked;
  const targets = new Set(named);
  if (withDependents === true) {
    for (const node of named)
      for (const dependent of hardDependents(node)) if (!dependent.isAtRest) targets.add(dependent);
  }
  const byName = new Map(all.map((node) => [node.name, node]));
  const asNamed = new Set(named);
  const changes = new Map<ServiceNode, Change>();
  for (const { service, change, isNamed } of planStart(named, all, leases)) {
    const node = byName.get(service)!;
    if (!targets.has(node)) changes.set(node, { service, change, isNamed });
  }
  for (const node of targets) {
    const isNamed = asNamed.has(node);
    const change = runs(node) ? 'restart' : startOf(node, true);
    if (change !== undefined) changes.set(node, { service: node.name, change, isNamed });
  }
  return { named, changes: inOrder(changes, all) };
}

/** It has an instance whose end isn't decided. */
export function runs(node: ServiceNode): boolean {
  return node.hasInstance && !node.isEnding;
}

function inOrder(changes: ReadonlyMap<ServiceNode, Change>, all: readonly ServiceNode[]): readonly Change[] {
  return all.flatMap((node) => changes.get(node) ?? []);
}
