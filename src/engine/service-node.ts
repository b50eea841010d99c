/**
 * One service as its neighbours see it: what it announced, whether it must stop, whether it is gone.
 *
 * Its own life writes it; neighbours only read and wait for a pulse. It drives nothing.
 */
import type { ServiceConfig } from '../config/types.ts';
import type { Values } from '../events/values.ts';
import type { DependencyView } from './edges.ts';
import type { Outlived } from './lingering.ts';
import { Pulse } from './pulse.ts';
import type { Loss, Reliance } from './reliance.ts';
import type { UsedValue } from './stale-values.ts';
import { OutputTail } from './tail.ts';

export class ServiceNode implements DependencyView {
  readonly spec: ServiceConfig;
  /** Fires when something changed that this service may be waiting for: a neighbour, or its own stop request. */
  readonly pulse = new Pulse();
  readonly tail = new OutputTail();
  dependencies: readonly ServiceNode[] = [];
  dependents: readonly ServiceNode[] = [];

  attempt = 0;
  /** It is being spawned: what will stop it is due its time. */
  launching = false;
  /** It has an instance, its clean-ups included. */
  alive = false;
  /** Its instance's main process runs. */
  spawned = false;
  ready = false;
  /** How its last instance ended; undefined: it had none. */
  lastEnd: 'success' | 'other' | undefined;
  over: string | undefined;
  values: Values = {};
  /** The last instance of it that went to the background. */
  inBackground = 0;
  /** Passes signals on to its main process; it is there while that runs. */
  passOn: { readonly signal: (number: number) => void; readonly interrupt: () => void } | undefined;
  /** When its last instance was spawned. */
  spawnedAtMs = 0;
  /** Who has the port that its instance waits to have, as it was seen last. */
  portHolder: string | undefined;
  /** Whom of those the user has been told of. */
  toldHolder: string | undefined;
  /** What its instance relies on, of the edges that react. */
  reliances: readonly Reliance[] = [];
  /** The reported values that its instance was started with. */
  used: readonly UsedValue[] = [];
  /** It has lost something, and ends because of it. */
  givesWay: Loss | undefined;
  /** Why it must stop, once it must. */
  stopReason: string | undefined;
  /** Whose failure it is that it must stop or may not start; undefined: nobody's. */
  fault: string | undefined;
  /** What of its last instance outlived SIGKILL: no other is started beside it. */
  outlived: Outlived | undefined;
  /** Its last instance has ended, its tree and its clean-ups with it, and no other will come. */
  ended = false;
  /** It has ended, and so has everything that depends on it, directly or through others. */
  gone = false;

  #lost: string | undefined;

  constructor(spec: ServiceConfig) {
    this.spec = spec;
  }

  get name(): string {
    return this.spec.name;
  }

  get isTask(): boolean {
    return this.spec.type === 'task';
  }

  get completed(): boolean {
    return this.over !== undefined && this.lastEnd === 'success';
  }

  get exited(): boolean {
    return this.over !== undefined && this.lastEnd !== undefined;
  }

  get isCall(): boolean {
    return this.spec.command.kind === 'call';
  }

  /** Why its instance can't be relied on any more, a clause fit after its name. */
  get lost(): string | undefined {
    return this.#lost ?? (this.stopReason === undefined ? undefined : `has to stop: ${this.stopReason}`);
  }

  set lost(why: string | undefined) {
    this.#lost = why;
  }

  /** Its instance was started with one of that service, or found it later, and reacts to its loss. */
  reliesOn(dependency: ServiceNode, having: (reliance: Reliance) => boolean = () => true): boolean {
    return this.reliances.some(
      (one) => one.edge.service === dependency.name && one.attempt !== undefined && having(one),
    );
  }

  /** Its instance isn't there any more, clean-ups included, and that has been told: others may go on. */
  relinquish(): void {
    if (this.reliances.length === 0) return;
    this.reliances = [];
    this.tellDependencies();
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

  /** Tells it to stop; the first reason stands, and with it whose fault that is. */
  requestStop(reason: string, fault?: string): void {
    if (this.stopReason === undefined) this.fault = fault;
    this.stopReason ??= reason;
    this.pulse.fire();
  }

  tellDependents(): void {
    for (const dependent of this.dependents) dependent.pulse.fire();
  }

  tellDependencies(): void {
    for (const dependency of this.dependencies) dependency.pulse.fire();
  }
}
