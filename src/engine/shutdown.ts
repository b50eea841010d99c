/**
 * The shutdown of a run: one cause, then only ever more insistence. It owns the budget and its end.
 *
 * It stops nothing itself: it tells every service, and each waits for its own dependents to be gone.
 */

import type { CancelScope } from '../concurrency/index.ts';
import { describeCause } from '../events/describe.ts';
import type { ShutdownCause } from '../events/event.ts';
import { formatDuration } from '../events/format-duration.ts';
import { budgetEnd, type CooperativeDeadline, cooperativeDeadline } from '../graph/cooperative-deadline.ts';
import type { Budget, Plan } from '../graph/plan-run.ts';
import { planShutdown, type ShutdownPlan } from '../graph/shutdown-budget.ts';
import type { Announce } from './create-announce.ts';
import { countInterrupt, type Interrupts, noInterrupts } from './interrupts.ts';
import { Pulse } from './pulse.ts';
import { NOTHING_BEFORE, type ServiceNode } from './service-node.ts';

/** The budget in force. */
interface Limit {
  readonly plan: ShutdownPlan;
  readonly setting: string;
  readonly endsAtMs: number;
}

export class Shutdown {
  /** Fires when clean-ups are given up. */
  readonly changed = new Pulse();
  readonly #patient = new Map<CancelScope, ServiceNode>();
  readonly #plan: Plan;
  readonly #nodes: ReadonlyMap<string, ServiceNode>;
  readonly #announce: Announce;
  readonly #now: () => number;
  #cause: ShutdownCause | undefined;
  #limit: Limit | undefined;
  #startedAtMs = 0;
  #interrupts: Interrupts = noInterrupts;

  constructor(plan: Plan, nodes: ReadonlyMap<string, ServiceNode>, announce: Announce, now: () => number) {
    this.#plan = plan;
    this.#nodes = nodes;
    this.#announce = announce;
    this.#now = now;
  }

  get cause(): ShutdownCause | undefined {
    return this.#cause;
  }

  /** The cooperative phase is over for everything. */
  get forced(): boolean {
    return this.#interrupts.level >= 2;
  }

  /** Clean-ups are given up, and the order too. */
  get abandoned(): boolean {
    return this.#interrupts.level === 3;
  }

  /** Begins the shutdown, unless one is under way: the first cause stands. */
  request(cause: ShutdownCause): void {
    if (this.#cause !== undefined) return;
    this.#cause = cause;
    this.#startedAtMs = this.#now();
    const interrupted = cause.kind === 'signal' && cause.signal === 'SIGINT';
    const limit = this.#limitBy(interrupted ? this.#plan.interrupt : this.#plan.budget);
    this.#announce({ type: 'shutdown.requested', cause, budget_ms: limit.plan.budgetMs });
    this.#hurryAll();
    for (const node of this.#nodes.values()) node.requestStop(describeCause(cause));
  }

  /** A signal that asks the program to end: the first begins, the second forces, the third abandons. */
  interrupt(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP'): void {
    const counted = countInterrupt(this.#interrupts, this.#now());
    if (counted === this.#interrupts) return;
    this.#interrupts = counted;
    if (counted.level >= 2) this.#escalate(counted.level as 2 | 3);
    else if (this.#cause === undefined) this.request({ kind: 'signal', signal });
    else if (signal === 'SIGINT') this.#hasten();
  }

  /** When a service that is asked to stop now is killed. */
  deadline(node: ServiceNode): number {
    const nowMs = this.#now();
    if (this.forced) return nowMs;
    return this.#planned(node, nowMs)?.atMs ?? nowMs + node.spec.stop.graceMs;
  }

  /** Why a service that was asked to stop at `askedMs` is killed now, a clause. */
  killReason(node: ServiceNode, askedMs: number): string {
    if (this.forced) return 'told to stop a second time';
    const grace = `grace of ${formatDuration(node.spec.stop.graceMs)}`;
    if (this.#limit === undefined || !this.#planned(node, askedMs)?.scaled)
      return `still alive after its ${grace}`;
    const budget = `${this.#limit.setting} (${formatDuration(this.#limit.plan.budgetMs)})`;
    const given = formatDuration(this.#now() - askedMs);
    return `still alive after ${given}, all that ${budget} leaves of its ${grace}`;
  }

  #planned(node: ServiceNode, askedMs: number): CooperativeDeadline | undefined {
    if (this.#limit === undefined) return undefined;
    return cooperativeDeadline(this.#limit.plan, node.name, askedMs, this.#endFor(node));
  }

  /** While `work` is patient with a service, its scope's deadline follows what the shutdown still allows. */
  async limitPatience(node: ServiceNode, scope: CancelScope, work: () => Promise<void>): Promise<void> {
    this.#patient.set(scope, node);
    this.#hurry(scope, node);
    try {
      await scope.run(work);
    } finally {
      this.#patient.delete(scope);
    }
  }

  #hurryAll(): void {
    for (const [scope, node] of this.#patient) this.#hurry(scope, node);
  }

  #hurry(scope: CancelScope, node: ServiceNode): void {
    scope.deadline = Math.min(scope.deadline, this.deadline(node));
  }

  /** When the budget ends for this service: later than for all, where clean-ups before it don't count. */
  #endFor(node: ServiceNode): number {
    if (this.#limit === undefined) return Number.POSITIVE_INFINITY;
    return budgetEnd(
      this.#limit.plan,
      this.#limit.endsAtMs,
      node.dependents.map((d) => d.goneDuring),
    );
  }

  /** Notes that a service is gone now, for the budget of those that stop after it. */
  noteGone(node: ServiceNode): void {
    if (this.#limit === undefined) return;
    const cleanupMs = Math.max(0, node.cleaned.toMs - Math.max(node.cleaned.fromMs, this.#startedAtMs));
    node.goneDuring = { endMs: this.#endFor(node), cleanupMs };
  }

  /** Only what has an instance takes part in the sharing: the rest needs no time. */
  #limitBy({ budgetMs, reserveCleanups, setting }: Budget): Limit {
    const running = new Set([...this.#nodes.values()].filter((node) => node.alive).map((node) => node.name));
    const plan = planShutdown(this.#plan.graph, this.#plan.limits, budgetMs, { reserveCleanups, running });
    const endsAtMs = Math.min(this.#limit?.endsAtMs ?? Number.POSITIVE_INFINITY, this.#now() + budgetMs);
    this.#limit = { plan, setting, endsAtMs };
    return this.#limit;
  }

  /** Ctrl-C during a shutdown that nobody asked for: a person is waiting now. */
  #hasten(): void {
    this.#startedAtMs = this.#now();
    for (const node of this.#nodes.values()) node.goneDuring = NOTHING_BEFORE;
    this.#limitBy(this.#plan.interrupt);
    this.#hurryAll();
  }

  #escalate(level: 2 | 3): void {
    this.#announce({ type: 'shutdown.escalated', level });
    this.#hurryAll();
    this.changed.fire();
    for (const node of this.#nodes.values()) node.requestStop('told to stop again');
  }
}
