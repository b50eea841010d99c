/**
 * Until when each service may take to stop: its grace, and in a shutdown what the budget leaves of it.
 *
 * It owns the budget in force and follows it: whoever is patient with a service is hurried when the budget shrinks.
 */
import type { CancelScope } from '../concurrency/index.ts';
import { formatDuration } from '../events/format-duration.ts';
import {
  budgetEnd,
  type CooperativeDeadline,
  cooperativeDeadline,
  latestDeadline,
} from '../graph/cooperative-deadline.ts';
import type { Budget, Plan } from '../graph/plan-run.ts';
import { planShutdown, type ShutdownPlan } from '../graph/shutdown-budget.ts';
import { KILL_MS } from '../graph/stop-limits.ts';
import { NOTHING_BEFORE, type ServiceNode } from './service-node.ts';

/** The budget in force. */
interface Limit {
  readonly plan: ShutdownPlan;
  readonly setting: string;
  readonly startedAtMs: number;
  readonly endsAtMs: number;
}

export class StopDeadlines {
  readonly #plan: Plan;
  readonly #nodes: ReadonlyMap<string, ServiceNode>;
  readonly #now: () => number;
  /** With whom; undefined: with what belongs to no service. */
  readonly #patient = new Map<CancelScope, ServiceNode | undefined>();
  /** Who was given more than its grace since it was asked. */
  readonly #extended = new Set<ServiceNode>();
  #limit: Limit | undefined;
  #forced = false;

  constructor(plan: Plan, nodes: ReadonlyMap<string, ServiceNode>, now: () => number) {
    this.#plan = plan;
    this.#nodes = nodes;
    this.#now = now;
  }

  /** Puts a budget in force from now on; it never ends later than one before it. Only what has an instance shares it. */
  limitBy({ budgetMs, reserveCleanups, setting }: Budget): void {
    const nodes = [...this.#nodes.values()];
    const running = new Set(nodes.filter((node) => node.alive || node.launching).map((node) => node.name));
    const plan = planShutdown(this.#plan.graph, this.#plan.limits, budgetMs, { reserveCleanups, running });
    const startedAtMs = this.#now();
    const endsAtMs = Math.min(this.#limit?.endsAtMs ?? Number.POSITIVE_INFINITY, startedAtMs + budgetMs);
    this.#limit = { plan, setting, startedAtMs, endsAtMs };
    for (const node of this.#nodes.values()) node.goneDuring = NOTHING_BEFORE;
    this.#hurryAll();
  }

  /** From now on nobody is given any time. */
  force(): void {
    this.#forced = true;
    this.#hurryAll();
  }

  /** When a service that is asked to stop now is killed. */
  deadline(node: ServiceNode): number {
    const nowMs = this.#now();
    if (this.#forced) return nowMs;
    return this.#planned(node, nowMs)?.atMs ?? nowMs + node.spec.stop.graceMs;
  }

  /**
   * Until when what was killed at `killedMs` is waited for. A function that was cancelled may have to clean up behind a shield: it
   * has its grace once more for that, as far as the budget allows it without taking from others.
   */
  giveUpMs(node: ServiceNode, killedMs: number): number {
    const soonMs = killedMs + KILL_MS;
    if (this.#forced || node.spec.command.kind !== 'call') return soonMs;
    const limit = this.#limit;
    const latestMs =
      limit === undefined ? Infinity : latestDeadline(limit.plan, node.name, this.#endFor(node)) + KILL_MS;
    return Math.max(soonMs, Math.min(killedMs + node.spec.stop.graceMs, latestMs));
  }

  /** Why a service that was asked to stop at `askedMs` is killed now, a clause. */
  killReason(node: ServiceNode, askedMs: number): string {
    if (this.#forced) return 'told to stop again';
    const grace = `grace of ${formatDuration(node.spec.stop.graceMs)}`;
    if (this.#extended.has(node)) {
      const given = formatDuration(this.#now() - askedMs);
      return `still alive after ${given}, its ${grace} and the time that it asked for`;
    }
    if (this.#limit === undefined || !this.#planned(node, askedMs)?.scaled)
      return `still alive after its ${grace}`;
    const budget = `${this.#limit.setting} (${formatDuration(this.#limit.plan.budgetMs)})`;
    const given = formatDuration(this.#now() - askedMs);
    return `still alive after ${given}, all that ${budget} leaves of its ${grace}`;
  }

  /** Why what belongs to no service is killed now, a clause. */
  lastKillReason(): string {
    if (this.#forced || this.#limit === undefined) return 'told to stop again';
    const { setting, plan } = this.#limit;
    return `still alive when ${setting} (${formatDuration(plan.budgetMs)}) was used up`;
  }

  /**
   * While `work` is patient with a service, or with what belongs to none, its scope's deadline follows what is still
   * allowed.
   */
  async limitPatience(
    node: ServiceNode | undefined,
    scope: CancelScope,
    work: () => Promise<void>,
  ): Promise<void> {
    this.#patient.set(scope, node);
    if (node !== undefined) this.#extended.delete(node);
    this.#hurry(scope, node);
    try {
      await scope.run(work);
    } finally {
      this.#patient.delete(scope);
    }
  }

  /** Somebody waits for it to end, as it was asked to. */
  isPatientWith(node: ServiceNode): boolean {
    return [...this.#patient.values()].includes(node);
  }

  /**
   * Gives a service that was asked to stop that much from now on, but never what others need of the budget. Returns
   * when it is killed now; undefined: nobody is patient with it.
   */
  extend(node: ServiceNode, byMs: number): number | undefined {
    const [scope] = [...this.#patient].find(([, other]) => other === node) ?? [];
    if (scope === undefined || this.#forced) return undefined;
    const limit = this.#limit;
    const latestMs =
      limit === undefined ? Infinity : latestDeadline(limit.plan, node.name, this.#endFor(node));
    const extendedMs = Math.min(this.#now() + byMs, latestMs);
    if (extendedMs > scope.deadline) {
      scope.deadline = extendedMs;
      this.#extended.add(node);
    }
    return scope.deadline;
  }

  /** Notes that a service is gone now, for the budget of those that stop after it. */
  noteGone(node: ServiceNode): void {
    if (this.#limit === undefined) return;
    const cleaningMs = node.cleaned.toMs - Math.max(node.cleaned.fromMs, this.#limit.startedAtMs);
    node.goneDuring = { endMs: this.#endFor(node), cleanupMs: Math.max(0, cleaningMs) };
  }

  #planned(node: ServiceNode, askedMs: number): CooperativeDeadline | undefined {
    if (this.#limit === undefined) return undefined;
    return cooperativeDeadline(this.#limit.plan, node.name, askedMs, this.#endFor(node));
  }

  /** When the budget ends for this service: later than for all, where clean-ups before it don't count. */
  #endFor(node: ServiceNode): number {
    if (this.#limit === undefined) return Number.POSITIVE_INFINITY;
    const gone = node.dependents.map((dependent) => dependent.goneDuring);
    return budgetEnd(this.#limit.plan, this.#limit.endsAtMs, gone);
  }

  #hurryAll(): void {
    for (const [scope, node] of this.#patient) this.#hurry(scope, node);
  }

  #hurry(scope: CancelScope, node: ServiceNode | undefined): void {
    scope.deadline = Math.min(
      scope.deadline,
      node === undefined ? this.#lastDeadline() : this.deadline(node),
    );
  }

  /** When what belongs to no service is killed: the budget in force, less the time that a kill takes. */
  #lastDeadline(): number {
    const nowMs = this.#now();
    if (this.#forced || this.#limit === undefined) return nowMs;
    const gone = [...this.#nodes.values()].map((node) => node.goneDuring);
    return Math.max(nowMs, budgetEnd(this.#limit.plan, this.#limit.endsAtMs, gone) - KILL_MS);
  }
}
