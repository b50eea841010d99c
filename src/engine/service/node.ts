/**
 * One service as its neighbours see it: what is wanted of it, where it is in its life, what its instance is worth.
 *
 * `wish` is written by requests alone, the rest by its own life; neighbours read it and wait for a pulse. It drives
 * nothing.
 */
import type { ServiceConfig } from '../../config/types.ts';
import type { Values } from '../../events/fact-shape.ts';
import type { ServiceState } from '../../events/state-table.ts';
import type { Binding, Loss } from './binding.ts';
import type { DependencyView } from './edges.ts';
import { type Past, pastOf } from './past.ts';
import { type Phase, type RunningInstance, WAITING } from './phase.ts';
import { OutputTail } from './tail.ts';
import { type Wish, Wished } from './wished.ts';

/** What it depends on, by name, and what depends on it. */
interface Neighbours {
  readonly dependencies: ReadonlyMap<string, ServiceNode>;
  readonly dependents: readonly ServiceNode[];
  /** Whether a request keeps anything down in the graph that they are in. */
  readonly isAnyDown: () => boolean;
}

/** Its instance is to be followed by another one. */
export interface Replacement {
  /** A clause. */
  readonly reason: string;
  /** What reacts to losses takes no notice. */
  readonly isQuiet: boolean;
}

/** What is known of a service that comes to a graph that runs. */
export interface Beginning extends Pick<Past, 'attempt' | 'outlived'> {
  readonly wish: Wish;
  /** It is not to start; a clause that follows its name. */
  readonly over: string | undefined;
  /** It has had what it is wanted for. */
  readonly spent: boolean;
}

export class ServiceNode extends Wished implements DependencyView {
  /** By the graph in force: a switch to another one replaces it. */
  spec: ServiceConfig;
  readonly tail = new OutputTail();
  neighbours: Neighbours = { dependencies: new Map(), dependents: [], isAnyDown: () => false };

  /** What was announced last. */
  state: ServiceState = 'pending';
  /** It is at rest because of an edge that can't hold, though it is wanted. */
  blocked = false;
  /** It has ended, and so has everything that depends on it, directly or through others. */
  gone = false;

  /** It is not in the graph any more. */
  isRemoved = false;

  readonly past: Past;
  replacement: Replacement | undefined;
  /** The next instance takes the place of the last one unnoticed. */
  isReplacedQuietly = false;
  values: Values = {};
  /** What its instance relies on, of the edges that react. */
  bindings: readonly Binding[] = [];

  #phase: Phase = WAITING;
  #lost: string | undefined;

  constructor(spec: ServiceConfig, { wish, over, spent, ...known }: Partial<Beginning> = {}) {
    super(wish);
    this.spec = spec;
    this.past = pastOf(known);
    if (spent === true) this.spend();
    if (over === undefined) return;
    this.enter({ kind: 'resting', how: over });
    this.state = 'stopped';
  }

  /** Its own life does it. */
  enter(phase: Phase): void {
    this.#phase = phase;
  }

  /** A task that had completed before the change of the graph was taken back that it is at rest for. */
  countAsCompleted(): void {
    if (this.#phase.kind === 'resting') this.#phase = { ...this.#phase, countsAsCompleted: true };
  }

  /** There while it has one, clean-ups included. */
  get instance(): RunningInstance | undefined {
    return this.#phase.kind === 'running' ? this.#phase.instance : undefined;
  }

  get launching(): boolean {
    return this.#phase.kind === 'launching';
  }

  /** Its current instance is spawned and hasn't ended. */
  get spawned(): boolean {
    return this.instance?.main !== undefined;
  }

  get ready(): boolean {
    return this.instance?.isReady === true;
  }

  /** How its life came to rest, a clause that follows its name; undefined: it is in motion. */
  get over(): string | undefined {
    return this.#phase.kind === 'resting' ? this.#phase.how : undefined;
  }

  get attempt(): number {
    return this.past.attempt;
  }

  get standsInFor(): number {
    return this.past.standsInFor;
  }

  /** What its instance has lost, and ends because of. */
  get givesWay(): Loss | undefined {
    return this.instance?.givesWay;
  }

  get name(): string {
    return this.spec.name;
  }

  get isTask(): boolean {
    return this.spec.type === 'task';
  }

  get isCall(): boolean {
    return this.spec.command.kind === 'call';
  }

  get dependencies(): Iterable<ServiceNode> {
    return this.neighbours.dependencies.values();
  }

  get dependents(): readonly ServiceNode[] {
    return this.neighbours.dependents;
  }

  dependency(name: string): ServiceNode | undefined {
    return this.neighbours.dependencies.get(name);
  }

  get isAtRest(): boolean {
    return this.#phase.kind === 'resting';
  }

  get completed(): boolean {
    return (
      this.#phase.kind === 'resting' && (this.state === 'completed' || this.#phase.countsAsCompleted === true)
    );
  }

  get exited(): boolean {
    return this.isAtRest && this.past.ends > 0;
  }

  /** It has, or is about to have, processes or clean-ups. */
  get hasInstance(): boolean {
    return this.#phase.kind === 'running' || this.#phase.kind === 'launching';
  }

  /** It is at rest for good, as far as nobody asks for it. */
  get isNever(): boolean {
    return this.isAtRest && (this.spent || this.blocked);
  }

  /** Nothing brings it but another request: it is kept down, or waits for what is. */
  get isHeld(): boolean {
    if (this.stopReason !== undefined) return true;
    if (!this.neighbours.isAnyDown()) return false;
    const waiting = new Set<ServiceNode>([this]);
    // A set gives its iterator what is added meanwhile.
    for (const node of waiting) {
      if (node.stopReason !== undefined) return true;
      if (node.state !== 'pending' || node.hasInstance) continue;
      for (const { service, optional } of node.spec.dependsOn) {
        const dependency = node.dependency(service);
        if (!optional && dependency !== undefined && !dependency.isNever) waiting.add(dependency);
      }
    }
    return false;
  }

  /** Why its instance is about to be stopped, though nothing is wrong with it. */
  get leaving(): string | undefined {
    return this.stopReason ?? this.replacement?.reason;
  }

  /** A request wants its instance to end, not a failure and not the end of the run. */
  get leavesByRequest(): boolean {
    if (this.isDownByRequest) return true;
    return this.stopReason === undefined && this.replacement !== undefined;
  }

  /** Why its instance can't be relied on any more, a clause fit after its name. */
  get lost(): string | undefined {
    if (this.#lost !== undefined) return this.#lost;
    if (this.stopReason !== undefined) return hasToStop(this.stopReason);
    return this.replacement && !this.replacement.isQuiet ? this.replacement.reason : undefined;
  }

  set lost(why: string | undefined) {
    this.#lost = why;
  }

  /** The same, without what only a request has planned. */
  get lostAlready(): string | undefined {
    return this.leavesByRequest ? this.#lost : this.lost;
  }

  /** Its instance was started with one of that service, or found it later, and reacts to its loss. */
  isBoundTo(dependency: ServiceNode, having: (binding: Binding) => boolean = () => true): boolean {
    return this.bindings.some(
      (one) => one.edge.service === dependency.name && one.attempt !== undefined && having(one),
    );
  }

  /** Its instance isn't there any more, clean-ups included, and that has been told: others may go on. */
  release(): void {
    if (this.bindings.length === 0) return;
    this.bindings = [];
    const found = new Set<ServiceNode>([this]);
    for (const node of found) {
      // A set gives its iterator what is added meanwhile: of one at rest what depends on it stands in the way of others.
      for (const dependency of node.dependencies) {
        dependency.pulse.fire();
        if (dependency.isAtRest) found.add(dependency);
      }
    }
  }

  /** Its turn to stop has come. A task that has ended still stands between what needs it and what it needs. */
  get dependentsGone(): boolean {
    return this.dependents.every((dependent) => dependent.gone);
  }

  /** Whether that holds for all that depends on it, directly or through others, and isn't gone. */
  everyDependent(holds: (dependent: ServiceNode) => boolean): boolean {
    const found = new Set<ServiceNode>([this]);
    for (const node of found) {
      // A set gives its iterator what is added meanwhile.
      for (const dependent of node.dependents) {
        if (dependent.gone) continue;
        if (!holds(dependent)) return false;
        found.add(dependent);
      }
    }
    return true;
  }

  tellDependents(): void {
    for (const dependent of this.dependents) dependent.pulse.fire();
  }

  tellDependencies(): void {
    for (const dependency of this.dependencies) dependency.pulse.fire();
  }
}

/** Why an instance can't be relied on that is about to be stopped, a clause fit after its name. */
export function hasToStop(reason: string): string {
  return `has to stop: ${reason}`;
}
