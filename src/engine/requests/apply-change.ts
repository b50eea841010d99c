/**
 * Does what a request's plan says of one service: the only place where a wish is written, but for the shutdown.
 */
import type { Announce } from '../service/announce.ts';
import type { ServiceNode } from '../service/node.ts';
import { refreshBlocked } from '../service/rest.ts';
import type { Down, WishedBy } from '../service/wished.ts';
import type { Change, Command } from './command.ts';
import type { Leases } from './leases.ts';

export function applyChange(
  announce: Announce,
  id: string,
  command: Command,
  { change, isNamed, along = [] }: Change,
  node: ServiceNode,
  leases: Leases,
): void {
  const before = node.wish.number;
  const lease = command.kind === 'start' ? command.lease : undefined;
  const { down } = node.wish;
  if (lease === undefined && command.kind !== 'release' && change !== 'signal') leases.forget(node);
  switch (change) {
    case 'start':
      // What is wanted up already is only used by a client.
      node.wantUp(lease === undefined || down === undefined ? 'person' : 'lease', id);
      if (lease !== undefined && down !== undefined) leases.hold(lease, node, down);
      break;
    case 'lift':
      node.wantUp('person', id, true);
      break;
    case 'stop':
      node.wantDown(downOf(id, command, node, isNamed, along, leases), id);
      break;
    case 'restart':
      node.wantUp('person', id);
      node.replacement = {
        reason: 'is being restarted',
        isQuiet: command.kind === 'restart' && command.noDeps === true,
      };
      break;
    case 'signal':
      if (command.kind === 'signal') sendSignal(announce, id, command, node);
      break;
  }
  if (node.wish.number !== before) announce(wantedFact(id, node));
}

/** What the signal means for what is under way is told: nobody else has asked for that. */
function sendSignal(
  announce: Announce,
  id: string,
  { signal, whom = 'main' }: Command & { readonly kind: 'signal' },
  node: ServiceNode,
): void {
  node.instance?.main?.send(signal, whom);
  if (signal === 'SIGKILL' && node.state === 'stopping')
    node.past.troubles.push(`was ended by SIGKILL of request ${id}`);
  const actor = signal === 'SIGSTOP' ? actorOn(node) : undefined;
  if (actor === undefined) return;
  const text = `is stopped by SIGSTOP: ${actor} acts on that`;
  announce({ type: 'service.note', service: node.name, attempt: node.attempt, text });
}

/** What doesn't leave it alone while it does nothing; undefined: it may. */
function actorOn({ spec, state }: ServiceNode): string | undefined {
  if (state === 'stopping') return 'the deadline of its stop';
  if (state === 'starting' && spec.ready?.withinMs !== undefined) return 'the deadline of its readiness';
  if (spec.watchdog !== undefined) return 'its watchdog';
  return spec.health === undefined ? undefined : 'its health check';
}

/**
 * The same of a change of the graph. What is to have an instance by a new definition waits for the switch; what else that needs
 * is done then.
 */
export function applyToGraph(
  announce: Announce,
  id: string,
  by: 'reload' | 'rollback' | 'scale',
  { change, class: needs }: Change,
  node: ServiceNode,
): void {
  const before = node.wish.number;
  switch (change) {
    case 'remove':
      node.wantDown(downBy(by, `request ${id} removes it`), id);
      break;
    case 'retire':
      node.wantDown(downBy(by, `request ${id} takes it back`), id);
      break;
    case 'restart':
      node.wantUp(by, id);
      node.replacement = { reason: `request ${id} changes it`, isQuiet: false };
      node.heldBy = id;
      break;
    case 'lift':
      node.wantUp(by, id, true);
      break;
    case 'start':
      node.wantUp(by, id);
      node.heldBy = id;
      break;
    case 'redefine':
      if (needs === 'restart') node.heldBy = id;
      break;
  }
  if (node.wish.number !== before) announce(wantedFact(id, node));
}

function downBy(by: WishedBy, reason: string): Down {
  return { reason, by, isNamed: true, along: new Set() };
}

function downOf(
  id: string,
  command: Command,
  node: ServiceNode,
  isNamed: boolean,
  along: readonly string[],
  leases: Leases,
): Down {
  if (command.kind === 'release')
    return leases.before(node) ?? downBy('lease', `its client has left (${id})`);
  const before = node.wish.down;
  return {
    reason: isNamed ? `request ${id} stops it` : `request ${id} stops "${along.join('", "')}"`,
    by: 'person',
    isNamed: isNamed || before?.isNamed === true,
    along: new Set([...(before?.along ?? []), ...along]),
    graceMs: command.kind === 'stop' ? command.graceMs : undefined,
  };
}

export function wantedFact(request: string, node: ServiceNode): Parameters<Announce>[0] {
  const { number: wish, by, down } = node.wish;
  return {
    type: 'service.wanted',
    service: node.name,
    attempt: node.attempt,
    wish,
    want: down === undefined ? 'up' : 'down',
    by,
    request,
    ...(down === undefined && node.spent && { spent: true as const }),
    ...(down && { reason: down.reason }),
    ...(down && !down.isNamed && { along: [...down.along] }),
  };
}

/**
 * What was stopped along with services that come back now goes along with fewer; everybody concerned looks again. `all`:
 * dependencies before what needs them.
 */
export function wakeConcerned(changes: readonly Change[], all: readonly ServiceNode[]): void {
  const isBack = ({ service, change }: Change) =>
    UP.has(change) && !all.some(({ name, wish }) => name === service && wish.by === 'lease');
  const up = new Set(changes.filter(isBack).map(({ service }) => service));
  for (const node of all) {
    const { down } = node.wish;
    if (down === undefined || !node.isDownByRequest || ![...down.along].some((name) => up.has(name)))
      continue;
    node.changeDown({ ...down, along: new Set([...down.along].filter((name) => !up.has(name))) });
  }
  const concerned = new Set(changes.map(({ service }) => service));
  for (const node of all) {
    if (!concerned.has(node.name)) continue;
    if (node.isAtRest) refreshBlocked(node);
    node.pulse.fire();
    node.tellDependents();
    node.tellDependencies();
  }
}

const UP: ReadonlySet<Change['change']> = new Set(['start', 'lift', 'restart']);
