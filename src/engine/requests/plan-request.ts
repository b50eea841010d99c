/**
 * Whether a request can be, and what it plans: names are looked up, everything goes down or not, what is asked for can be begun.
 * Changes nothing.
 */
import type { ServiceConfig } from '../../config/types.ts';
import { describeCause } from '../../events/describe.ts';
import { longestChain } from '../../graph/longest-chain.ts';
import type { Plan } from '../../graph/plan-run.ts';
import { KILL_MS } from '../../graph/stop-limits.ts';
import type { ServiceNode } from '../service/node.ts';
import type { Shutdown } from '../shutdown/shutdown.ts';
import { type Answer, type Change, type Command, type GraphCommand, isGraphCommand } from './command.ts';
import type { GraphChanges } from './graph-changes.ts';
import type { Leases } from './leases.ts';
import { chooseServices } from './match-names.ts';
import { type Planned, planCommand } from './plan.ts';

/** What requests are planned for. */
export interface Plannable {
  /** Dependencies before what needs them. */
  readonly order: () => readonly ServiceNode[];
  readonly shutdown: Shutdown;
  readonly graphs: GraphChanges;
  readonly leases: Leases;
  /** Why no instance of it could be started now, a sentence; undefined: nothing is known to stand against it. */
  readonly foresee: (spec: ServiceConfig) => string | undefined;
  /** The name that is nearest to one that nobody has. */
  readonly suggest: (name: string, names: readonly string[]) => string | undefined;
}

/** `target`: the graph that is to be in force, if that changes; `rolled`: replicas that are replaced one after the other. */
export type PlannedRequest = Planned & {
  readonly target?: Plan;
  readonly rolled?: ReadonlySet<ServiceNode>;
};

export type Refusal = Omit<Answer & { readonly kind: 'refused' }, 'kind'>;

export function planRequest(command: Command, on: Plannable): PlannedRequest | Refusal {
  const all = on.order();
  const matched = namesOf(command, all, on);
  if ('code' in matched) return matched;
  const { cause } = on.shutdown;
  const isUp = command.kind === 'start' || command.kind === 'restart' || isGraphCommand(command);
  if (isUp && cause !== undefined) return { code: 'shutting-down', why: describeCause(cause) };
  const planned: PlannedRequest | Refusal = isGraphCommand(command)
    ? planChange(command, matched.found, all, on)
    : planServices(command, matched.found, all, on);
  if ('code' in planned) return planned;
  const why = whyNotBegun(planned, all, on);
  return why === undefined ? planned : { code: 'cannot-start', why };
}

function namesOf(
  command: Command,
  all: readonly ServiceNode[],
  { graphs, suggest }: Plannable,
): { readonly found: Named } | Refusal {
  if (command.kind === 'add') return { found: new Set() };
  const { definitions } = graphs.newest;
  // Of a service with replicas its own name means all of them.
  const candidates = isGraphCommand(command)
    ? definitions
    : [...all.map(({ name, spec: { labels } }) => ({ name, labels })), ...definitions.filter(isGroup)];
  const chosen = chooseServices(command, candidates, suggest);
  return 'why' in chosen ? { code: 'unknown-service', why: chosen.why } : chosen;
}

type Named = ReadonlySet<string>;

function isGroup({ replicas }: ServiceConfig): boolean {
  return replicas !== undefined;
}

/** It is meant by the name of the service that it is a replica of. */
function isOneOf({ spec: { replicaOf } }: ServiceNode, found: Named): boolean {
  return replicaOf !== undefined && found.has(replicaOf);
}

function planServices(
  command: Exclude<Command, GraphCommand>,
  found: Named,
  all: readonly ServiceNode[],
  { leases }: Plannable,
): PlannedRequest | Refusal {
  const named = all.filter((node) => found.has(node.name) || isOneOf(node, found));
  const isSignal = command.kind === 'signal';
  const still = named.find((node) => isSignal && (!node.spawned || node.isCall));
  if (still !== undefined) return { code: 'not-running', why: `"${still.name}" has no process that runs` };
  const planned = planCommand(command, named, all, leases);
  // What leaves the graph can be stopped, and signalled, until it has left.
  const up = new Set(planned.changes.filter(({ change }) => UP.has(change)).map(({ service }) => service));
  const leaving = all.find((node) => up.has(node.name) && node.isLeaving);
  if (leaving === undefined) {
    const replaced = planned.changes.filter(({ change }) => change === 'restart');
    const names = new Set(replaced.map(({ service }) => service));
    const rolled = all.filter((node) => names.has(node.name) && isOneOf(node, found));
    return { ...planned, ...(rolled.length > 1 && { rolled: new Set(rolled) }) };
  }
  return {
    code: 'cannot-start',
    why: `"${leaving.name}" can't be started: ${leaving.wish.down?.reason}`,
  };
}

const UP: ReadonlySet<Change['change']> = new Set(['start', 'lift', 'restart']);

function planChange(
  command: GraphCommand,
  found: Named,
  all: readonly ServiceNode[],
  { graphs }: Plannable,
): PlannedRequest | Refusal {
  const planned = graphs.plan(command, found, all);
  if ('why' in planned) return { code: 'invalid', why: planned.why };
  return { ...planned, named: [] };
}

/** What is replaced must be able to begin anew, and so must what was never begun. */
function whyNotBegun(
  { changes, target }: PlannedRequest,
  all: readonly ServiceNode[],
  { graphs, foresee }: Plannable,
): string | undefined {
  const nodes = new Map(all.map((node) => [node.name, node]));
  const isNew = ({ service, change }: Change): boolean =>
    change === 'restart' ||
    change === 'add' ||
    (change === 'start' && nodes.get(service)?.wish.by === 'selection');
  const { graph } = target ?? graphs.inForce.plan;
  return changes
    .filter(isNew)
    .map(({ service }) => foresee(graph.spec(service)))
    .find((why) => why !== undefined);
}

// The longest that what a request stops may take: each its whole grace, a kill and its clean-ups, one after the other where one
// needs the other. Pure but for reading nodes.

const ENDS: ReadonlySet<Change['change']> = new Set(['stop', 'restart', 'remove', 'retire', 'follow']);

/** In milliseconds. `inForce`: its order counts; `graceMs`: in place of their own. */
export function worstMs(
  changes: readonly Change[],
  nodes: readonly ServiceNode[],
  { graph, limits }: Plan,
  graceMs?: number | undefined,
): number {
  const ending = new Set(changes.filter(({ change }) => ENDS.has(change)).map(({ service }) => service));
  const running = new Set(
    nodes.filter(({ name, hasInstance }) => hasInstance && ending.has(name)).map(({ name }) => name),
  );
  if (running.size === 0) return 0;
  const ownMs = (name: string): number => {
    const own = limits.get(name);
    return !running.has(name) || own === undefined ? 0 : (graceMs ?? own.graceMs) + KILL_MS + own.cleanupMs;
  };
  return longestChain(graph, ownMs).lengthMs;
}
