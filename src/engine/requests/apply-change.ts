/**
 * Does what a request's plan says of one service: the only place where a wish is written, but for the shutdown.
 */
import type { Announce } from '../service/announce.ts';
import type { ServiceNode } from '../service/node.ts';
import { refreshBlocked } from '../service/rest.ts';
import type { Down } from '../service/wanted.ts';
import type { Change, Command } from './command.ts';

export function applyChange(
  announce: Announce,
  id: string,
  command: Command,
  { change, isNamed, along = [] }: Change,
  node: ServiceNode,
): void {
  const before = node.wish.number;
  switch (change) {
    case 'start':
      node.wantUp('person', id);
      break;
    case 'lift':
      node.wantUp('person', id, true);
      break;
    case 'stop':
      node.wantDown(downOf(id, command, node, isNamed, along), id);
      break;
    case 'restart':
      node.wantUp('person', id);
      node.replacement = {
        reason: 'is being restarted',
        isQuiet: command.kind === 'restart' && command.noDeps === true,
      };
      break;
    case 'signal':
      if (command.kind === 'signal') node.passOn?.send(command.signal, command.whom ?? 'main');
      break;
  }
  if (node.wish.number !== before) announce(wantedFact(id, node));
}

function downOf(
  id: string,
  command: Command,
  { wish: { down: before } }: ServiceNode,
  isNamed: boolean,
  along: readonly string[],
): Down {
  return {
    reason: isNamed ? `request ${id} stops it` : `request ${id} stops "${along.join('", "')}"`,
    by: 'person',
    isNamed: isNamed || before?.isNamed === true,
    along: new Set([...(before?.along ?? []), ...along]),
    graceMs: command.kind === 'stop' ? command.graceMs : undefined,
  };
}

function wantedFact(request: string, node: ServiceNode): Parameters<Announce>[0] {
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
  const up = new Set(changes.filter(({ change }) => change !== 'stop').map(({ service }) => service));
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
