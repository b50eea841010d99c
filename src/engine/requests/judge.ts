/**
 * Whether a request has come to its end, from what its services are now. Pure but for reading nodes.
 */
import type { ServiceNode } from '../service/node.ts';
import { type Command, isGraphCommand, type ServiceLine, type Settlement } from './command.ts';

/** A request that isn't settled. */
export interface Open {
  readonly id: string;
  readonly command: Command;
  readonly named: readonly ServiceNode[];
  /** Also what goes along, or comes back, because of it. */
  readonly others: readonly ServiceNode[];
  /** An instance of each with a higher number than this is one that the request asked for. */
  readonly after: ReadonlyMap<ServiceNode, number>;
  /** How many instances of each had ended when it was accepted. */
  readonly ends: ReadonlyMap<ServiceNode, number>;
}

/** What has come of one service so far. */
export type Verdict =
  | { readonly kind: 'open' | 'reached' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'replaced'; readonly by: string | undefined };

const OPEN = { kind: 'open' } as const;
const REACHED = { kind: 'reached' } as const;

/** Undefined: not yet. `cause`: why everything goes down, if it does. */
export function judgeRequest(open: Open, cause: string | undefined): Settlement | undefined {
  // Its own work tells when that has come to its end.
  if (isGraphCommand(open.command))
    return cause === undefined ? undefined : { outcome: 'abandoned', services: [], why: cause, status: 1 };
  const isAny = open.command.kind === 'wait' && open.command.any === true;
  let failed: (Verdict & { readonly kind: 'failed' }) | undefined;
  let replaced: (Verdict & { readonly kind: 'replaced' }) | undefined;
  let reached = 0;
  let failures = 0;
  for (const node of open.named) {
    const verdict = judgeNamed(open, node);
    if (verdict.kind === 'replaced') replaced ??= verdict;
    else if (verdict.kind === 'failed') {
      failed ??= verdict;
      failures += 1;
    } else if (verdict.kind === 'reached') reached += 1;
  }
  const count = open.named.length;
  if (cause !== undefined && !isStop(open.command) && reached < count)
    return { outcome: 'abandoned', services: linesOf(open), why: cause, status: 1 };
  if (replaced !== undefined) {
    const { by } = replaced;
    return { outcome: 'replaced', services: linesOf(open), ...(by !== undefined && { by }), status: 1 };
  }
  if (failed !== undefined && (!isAny || failures === count))
    return { outcome: 'failed', services: linesOf(open), why: failed.why, status: 1 };
  const isReached = isAny ? reached > 0 : reached === count;
  if (!isReached || !(isAny || open.others.every((node) => isThrough(open, node)))) return undefined;
  const services = linesOf(open);
  const isUnclean = open.command.kind !== 'wait' && services.some(({ troubles }) => troubles !== undefined);
  return { outcome: 'reached', services, status: isUnclean ? 3 : 0 };
}

function judgeNamed({ command, after }: Open, node: ServiceNode): Verdict {
  switch (command.kind) {
    case 'stop':
    case 'release':
      if (node.isWantedUp) return { kind: 'replaced', by: node.wish.request };
      return node.isAtRest ? REACHED : OPEN;
    case 'wait':
      return judgeWait(command.until, node);
    case 'signal':
      return REACHED;
    case 'start':
    case 'restart':
      if (!node.isWantedUp) return { kind: 'replaced', by: node.wish.request };
      return judgeUp(node, after.get(node) ?? 0);
    default:
      return OPEN;
  }
}

/** `after`: the number of the last instance that isn't meant. */
export function judgeUp(node: ServiceNode, after: number): Verdict {
  if (node.isRemoved) return { kind: 'failed', why: `"${node.name}" was removed` };
  const isNew = node.attempt > after;
  if (isNew && node.ready && node.lost === undefined) return REACHED;
  if (node.isAtRest) {
    if (isNew && node.isTask && node.completed) return REACHED;
    return node.isNever ? { kind: 'failed', why: `"${node.name}" ${node.over}` } : OPEN;
  }
  return isHeldUp(node) ? heldUp(node) : OPEN;
}

/** It waits for what only another request could bring. */
export function isHeldUp(node: ServiceNode): boolean {
  return node.state === 'pending' && !node.hasInstance && node.isHeld;
}

function judgeWait(until: 'ready' | 'completed' | 'stopped' | 'healthy', node: ServiceNode): Verdict {
  if (until === 'stopped') return node.isAtRest ? REACHED : OPEN;
  if (node.isRemoved) return { kind: 'failed', why: `"${node.name}" was removed` };
  if (node.isTask && node.completed) return REACHED;
  if (until === 'ready' && node.ready && node.lost === undefined) return REACHED;
  if (until === 'healthy' && node.ready && node.lost === undefined && node.instance?.isHealthy)
    return REACHED;
  if (until === 'completed' && node.completed) return REACHED;
  if (node.isAtRest && (node.isNever || !node.isWantedUp))
    return { kind: 'failed', why: `"${node.name}" ${node.over}` };
  return isHeldUp(node) ? heldUp(node) : OPEN;
}

function heldUp(node: ServiceNode): Verdict {
  const by = [...node.dependencies].find((one) => one.isHeld && !one.isNever);
  if (by === undefined) return { kind: 'failed', why: `"${node.name}" has to stop` };
  const { down } = by.wish;
  const how = down === undefined ? ', which waits too' : `: ${down.reason}`;
  const why = `"${node.name}" waits for "${by.name}"${how}`;
  return { kind: 'failed', why };
}

function isStop({ kind }: Command): boolean {
  return kind === 'stop' || kind === 'release';
}

/** It no longer keeps the request open. */
function isThrough(open: Open, node: ServiceNode): boolean {
  if (isStop(open.command)) return node.isWantedUp || node.isAtRest;
  return !node.isWantedUp || judgeUp(node, open.after.get(node) ?? 0).kind !== 'open';
}

function linesOf(open: Open): readonly ServiceLine[] {
  const { named, others } = open;
  return [...named, ...others].map((node, at): ServiceLine => {
    const verdict = at < named.length ? judgeNamed(open, node) : REACHED;
    const hasEnded = node.past.ends > (open.ends.get(node) ?? 0);
    const troubles = hasEnded && node.past.troubles.length > 0 ? { troubles: [...node.past.troubles] } : {};
    const outcome = verdict.kind === 'open' ? 'unfinished' : verdict.kind;
    const why = verdict.kind === 'failed' ? { why: verdict.why } : {};
    return { service: node.name, outcome, ...why, ...troubles };
  });
}
