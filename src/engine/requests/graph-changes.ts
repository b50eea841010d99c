/**
 * The change of the graph that is under way, at most one, and what it would go back to.
 *
 * It keeps the account: whose readiness a change answers for, and what was wanted before of everything that was touched. What is
 * done about it, in its three phases, is `generation/`.
 */
import type { Plan } from '../../graph/plan-run.ts';
import type { ServiceNode } from '../service/node.ts';
import type { Past } from '../service/past.ts';
import type { Change, GraphCommand } from './command.ts';
import { differenceOf } from './difference.ts';
import { beforeNew } from './expected.ts';
import { runs } from './plan.ts';
import { planGraph, targetOf, type Want, wantNow } from './plan-graph.ts';

/** A generation: the graph, numbered from 1. Exactly one is in force. */
export interface InForce {
  number: number;
  plan: Plan;
}

/** One change, forward or back, from when it is accepted. */
export interface GraphChange {
  readonly request: string;
  readonly by: 'reload' | 'rollback' | 'scale';
  readonly command: GraphCommand;
  readonly target: Plan;
  readonly changes: readonly Change[];
  /** Whose readiness it answers for, and the number of the last instance of each that it doesn't mean. */
  readonly account: Map<string, number>;
  /** The same of those that give way to it: it waits for them, and answers for none. */
  readonly followers: ReadonlyMap<string, number>;
}

/** The last generation that settled, and what was wanted of what has been touched since. */
interface Base {
  readonly number: number;
  readonly plan: Plan;
  readonly wants: Map<string, Want>;
  /** Tasks among them that had completed. */
  readonly completed: Set<string>;
}

/** How many instances and wishes it had, and what its last instance left that SIGKILL did not end. */
interface Departed extends Pick<Past, 'attempt' | 'outlived'> {
  readonly wish: number;
}

export class GraphChanges {
  readonly inForce: InForce;
  readonly #nodes: ReadonlyMap<string, ServiceNode>;
  /** What is known of services that have left the graph: their numbers count on. */
  readonly #departed = new Map<string, Departed>();
  #base: Base;
  #current: GraphChange | undefined;

  constructor(inForce: InForce, nodes: ReadonlyMap<string, ServiceNode>) {
    this.inForce = inForce;
    this.#nodes = nodes;
    this.#base = baseOf(inForce);
  }

  get current(): GraphChange | undefined {
    return this.#current;
  }

  /** The number of the generation that a failure leads back to. */
  get baseNumber(): number {
    return this.#base.number;
  }

  /** What is in force, or about to be. */
  get newest(): Plan {
    return this.#current?.target ?? this.inForce.plan;
  }

  /** `all`: dependencies before what needs them. */
  plan(
    command: GraphCommand,
    named: ReadonlySet<string>,
    all: readonly ServiceNode[],
  ): { readonly target: Plan; readonly changes: readonly Change[] } | { readonly why: string } {
    const target = targetOf(command, named, this.newest);
    if ('why' in target) return target;
    // What only the change that is under way takes down is wanted as it was before that; what that had added is added again.
    const want = (node: ServiceNode): Want => {
      // It was not selected, and now it is.
      if (node.wish.by === 'selection' && isSelected(command, node.name)) return 'up';
      if (!node.isLeaving) return wantNow(node);
      const before = this.#base.wants.get(node.name) ?? 'up';
      // One that is asked for by name is wanted, whatever it was.
      if (command.kind === 'add' && command.service.name === node.name) return 'up';
      // A changed one begins anew though it has had what it was wanted for.
      return before === 'spent' && command.kind !== 'add' && isChanged(node, target) ? 'up' : before;
    };
    return { target, changes: planGraph(all, target, want) };
  }

  /** Nothing would be different, in no service and in nothing else. */
  isSame(target: Plan, changes: readonly Change[]): boolean {
    if (this.#current !== undefined || changes.length > 0) return false;
    const settings = ({ name, budget, interrupt, beside }: Plan) =>
      JSON.stringify([name, budget, interrupt, beside]);
    return settings(target) === settings(this.inForce.plan);
  }

  /** Call it before the changes are applied. One that was under way is no more, and what it answered for is carried over. */
  begin(
    request: string,
    command: GraphCommand,
    target: Plan,
    changes: readonly Change[],
    by: GraphChange['by'] = command.kind === 'scale' ? 'scale' : 'reload',
  ): GraphChange {
    for (const { service, change } of changes) if (change !== 'add') this.#remember(service);
    const carried = by !== 'rollback' ? this.#carryOver(changes) : [];
    const change: GraphChange = {
      request,
      by,
      command,
      target,
      changes,
      account: new Map([...carried, ...this.#accountOf(command, changes, by)]),
      followers: this.#followersOf(command, changes),
    };
    for (const { service, change: what } of changes) if (DOWN.has(what)) change.account.delete(service);
    this.#current = change;
    return change;
  }

  /** The same way back, to the last generation that settled. */
  back(
    { request, command }: GraphChange,
    all: readonly ServiceNode[],
  ): { readonly target: Plan; readonly changes: readonly Change[] } & Pick<
    GraphChange,
    'request' | 'command'
  > {
    const { plan, wants } = this.#base;
    const want = (node: ServiceNode) => wants.get(node.name) ?? wantNow(node);
    return { request, command, target: plan, changes: planGraph(all, plan, want) };
  }

  /** What was wanted of it before it was touched; undefined: it wasn't, or somebody has wanted something else since. */
  wantOf(service: string): Want | undefined {
    return this.#base.wants.get(service);
  }

  /** It had completed, and will not run again for a change that is taken back. */
  hadCompleted(service: string): boolean {
    return this.#base.completed.has(service);
  }

  /** Somebody stops or restarts it: no change of the graph answers for it any more, nor would bring it back. */
  leave(service: string): void {
    this.#current?.account.delete(service);
    this.#base.wants.delete(service);
    this.#base.completed.delete(service);
  }

  /** It has come to its end, so or so: the next failure leads back to what is in force now. */
  settle(): void {
    this.#base = baseOf(this.inForce);
    this.#current = undefined;
  }

  depart({ name, wish, past: { attempt, outlived } }: ServiceNode): void {
    this.#departed.set(name, { attempt, wish: wish.number, outlived });
  }

  /** Of one of that name that has left the graph. */
  before(service: string): Departed {
    return this.#departed.get(service) ?? { attempt: 0, wish: 0, outlived: undefined };
  }

  /** What the change before this one answered for; what it has not asked yet, and need not go any more, stays as it is. */
  #carryOver(changes: readonly Change[]): readonly (readonly [string, number])[] {
    const again = new Set(changes.filter(({ change }) => change === 'restart').map(({ service }) => service));
    return [...(this.#current?.account ?? [])].map(([service, after]) => {
      const node = this.#nodes.get(service);
      if (node?.replacement === undefined || !runs(node) || again.has(service)) return [service, after];
      node.replacement = undefined;
      return [service, node.attempt - 1];
    });
  }

  #remember(service: string): void {
    const { plan, wants, completed } = this.#base;
    const node = this.#nodes.get(service);
    if (node === undefined || wants.has(service) || !plan.graph.services.includes(service)) return;
    const hasHad = node.isAtRest && node.spent;
    wants.set(service, node.isDownByRequest ? 'down' : hasHad ? 'spent' : 'up');
    if (node.isTask && node.completed) completed.add(service);
  }

  #accountOf(
    command: GraphCommand,
    changes: readonly Change[],
    by: GraphChange['by'],
  ): readonly (readonly [string, number])[] {
    return changes.flatMap(({ service, change, class: needs }) => {
      const node = this.#nodes.get(service);
      // What comes back at rest is where it belongs.
      const isAtRest = by === 'rollback' && this.wantOf(service) !== 'up';
      const rests = isAtRest || !isSelected(command, service);
      if (change === 'add') return rests ? [] : [[service, this.before(service).attempt] as const];
      if (node === undefined) return [];
      if (change === 'restart') return [[service, node.attempt + (node.launching ? 1 : 0)] as const];
      if (change === 'lift') return [[service, node.attempt - 1] as const];
      const isPending = change === 'redefine' && needs === 'restart' && !node.isAtRest && node.isWantedUp;
      return change === 'start' || isPending ? [[service, node.attempt] as const] : [];
    });
  }

  #followersOf(command: GraphCommand, changes: readonly Change[]): ReadonlyMap<string, number> {
    const followers = changes.filter(({ change }) => change === 'follow');
    return new Map(
      followers.map(({ service }) => [service, beforeNew(command, this.#nodes.get(service)!, changes)]),
    );
  }
}

/** It is to start by itself, once it is in the graph. */
export function isSelected(command: GraphCommand, service: string): boolean {
  return command.kind !== 'reload' || command.selected === undefined || command.selected.has(service);
}

function isChanged({ name, spec }: ServiceNode, { graph }: Plan): boolean {
  return graph.services.includes(name) && differenceOf(spec, graph.spec(name)) !== undefined;
}

const DOWN: ReadonlySet<Change['change']> = new Set(['remove', 'retire']);

function baseOf({ number, plan }: InForce): Base {
  return { number, plan, wants: new Map(), completed: new Set() };
}
