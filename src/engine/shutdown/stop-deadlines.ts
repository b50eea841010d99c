/**
 * Until when each service may take to stop: its grace, and in a shutdown what the budget leaves of it.
 *
 * It owns the budget in force and follows it: what is patient with a service is hurried when the budget shrinks. It
 * keeps in mind what gave each one no more time.
 */
import type { CancelScope } from '../../concurrency/index.ts';
import type { Budget, Plan } from '../../graph/plan-run.ts';
import {
  cooperativeDeadline,
  holdsGuarantee,
  latestDeadline,
  planShutdown,
  type ShutdownPlan,
} from '../../graph/shutdown-budget.ts';
import { KILL_MS, stopLimits } from '../../graph/stop-limits.ts';
import type { ServiceNode } from '../service/node.ts';
import { type Holder, type Kill, lastKillReason, whatHeld } from './kill-reason.ts';
import { StopTimes } from './stop-times.ts';

/** The budget in force. */
interface Limit {
  readonly plan: ShutdownPlan;
  readonly budget: Budget;
  readonly startedAtMs: number;
  readonly endsAtMs: number;
}

/** When a service is killed, and what gives it no more. */
interface Deadline {
  readonly atMs: number;
  readonly holder: Holder;
}

/** How long a kill is waited for when the budget is over. */
const LATE_KILL_MS = 100;

export class StopDeadlines {
  readonly #plan: () => Plan;
  readonly #nodes: ReadonlyMap<string, ServiceNode>;
  readonly #now: () => number;
  /** With which service; undefined: with what belongs to none. */
  readonly #patient = new Map<CancelScope, ServiceNode | undefined>();
  /** The same by service: hundreds may be asked at once. */
  readonly #patience = new Map<ServiceNode, CancelScope>();
  /** What holds for those that have been asked. */
  readonly #holders = new Map<ServiceNode, Holder>();
  readonly #times = new StopTimes();
  #limit: Limit | undefined;
  #forced = false;

  constructor(plan: () => Plan, nodes: ReadonlyMap<string, ServiceNode>, now: () => number) {
    this.#plan = plan;
    this.#nodes = nodes;
    this.#now = now;
  }

  /** Puts a budget in force from now on; it never ends later than one before it. Only what has an instance shares it. */
  limitBy(budget: Budget): void {
    const startedAtMs = this.#now();
    const endsAtMs = Math.min(
      this.#limit?.endsAtMs ?? Number.POSITIVE_INFINITY,
      startedAtMs + budget.budgetMs,
    );
    this.#limit = { plan: this.#share(budget, endsAtMs), budget, startedAtMs, endsAtMs };
    this.#hurryAll();
  }

  get isForced(): boolean {
    return this.#forced;
  }

  /** From now on nobody is given any time. */
  force(): void {
    this.#forced = true;
    this.#hurryAll();
  }

  /** When a service that is about to be asked to stop is killed. */
  begin(node: ServiceNode): number {
    const { atMs, holder } = this.#deadline(node);
    this.#holders.set(node, holder);
    this.#times.begin(node, this.#now());
    return atMs;
  }

  /** It was asked just now: what time was lost since `begin` is not taken from it. */
  asked(node: ServiceNode): void {
    const { atMs, holder } = this.#deadline(node);
    this.#holders.set(node, holder);
    this.#times.begin(node, this.#now());
    const scope = this.#patience.get(node);
    if (scope !== undefined) scope.deadline = atMs;
  }

  /**
   * Until when what was killed at `killedMs` is waited for. A function that was cancelled may have to clean up behind a shield: it
   * has its grace once more for that, as far as the budget allows it without taking from others.
   */
  giveUpMs(node: ServiceNode, killedMs: number): number {
    const soonMs = this.#soonMs(killedMs);
    if (this.#forced || node.spec.command.kind !== 'call') return soonMs;
    const limit = this.#limit;
    if (limit === undefined) return Math.max(soonMs, killedMs + node.spec.stop.graceMs);
    const { graceMs, killMs } = limit.plan.services.get(node.name)!;
    const latestMs = latestDeadline(limit.plan, node.name, limit.endsAtMs) + killMs;
    return Math.max(soonMs, Math.min(killedMs + graceMs, latestMs));
  }

  /** Many that outlive their kill, one after the other, must not take their time long after the budget is over. */
  #soonMs(killedMs: number): number {
    const latestMs = Math.max(killedMs + LATE_KILL_MS, this.#limit?.endsAtMs ?? Number.POSITIVE_INFINITY);
    return Math.min(killedMs + KILL_MS, latestMs);
  }

  /** A service that was asked to stop is killed now: why, and which setting would have given it more time. */
  kill(node: ServiceNode): Kill {
    const nowMs = this.#now();
    const holder = this.#holders.get(node) ?? 'grace';
    return whatHeld(this.#forced ? 'force' : holder, {
      graceMs: node.wish.down?.graceMs ?? node.spec.stop.graceMs,
      givenMs: nowMs - (this.#times.begunMs(node) ?? nowMs),
      budget: this.#limit?.budget,
      graph: this.#plan().graph,
      limits: this.#limits(),
      slow: this.#limit && this.#times.slowestBefore(node, this.#limit.startedAtMs),
    });
  }

  /** Why what belongs to no service is killed now, a clause. */
  lastKillReason(): string {
    return lastKillReason(this.#forced ? undefined : this.#limit?.budget);
  }

  /**
   * While `work` is patient with a service, or with what belongs to none, its scope's deadline follows what is still
   * allowed. One without a deadline has it when the service is `asked`.
   */
  async limitPatience(
    node: ServiceNode | undefined,
    scope: CancelScope,
    work: () => Promise<void>,
  ): Promise<void> {
    this.#patient.set(scope, node);
    if (node !== undefined) this.#patience.set(node, scope);
    if (node === undefined || scope.deadline < Number.POSITIVE_INFINITY) this.#hurry(scope, node);
    try {
      await scope.run(work);
    } finally {
      this.#patient.delete(scope);
      if (node !== undefined && this.#patience.get(node) === scope) this.#patience.delete(node);
    }
  }

  /** Somebody waits for it to end, as it was asked to. */
  isPatientWith(node: ServiceNode): boolean {
    return this.#patience.has(node);
  }

  /**
   * Gives a service that was asked to stop that much from now on, but never what others need of the budget. Returns
   * when it is killed now; undefined: nobody is patient with it.
   */
  extend(node: ServiceNode, byMs: number): number | undefined {
    const scope = this.#patience.get(node);
    if (scope === undefined || this.#forced) return undefined;
    const limit = this.#limit;
    const latestMs = limit === undefined ? Infinity : latestDeadline(limit.plan, node.name, limit.endsAtMs);
    const wishedMs = this.#now() + byMs;
    if (Math.min(wishedMs, latestMs) > scope.deadline) {
      scope.deadline = Math.min(wishedMs, latestMs);
      this.#holders.set(node, wishedMs > latestMs ? 'budget-extended' : 'extended');
    }
    return scope.deadline;
  }

  /** A service has ended now. */
  noteEnd(node: ServiceNode): void {
    this.#times.end(node, this.#now());
  }

  /** A service is gone now, and with it everything that depends on it. */
  noteGone(node: ServiceNode): void {
    this.#times.gone(node, this.#now());
  }

  /** Shares what is left until then among all that have an instance. */
  #share({ budgetMs, atMostMs }: Budget, endsAtMs: number): ShutdownPlan {
    const nodes = [...this.#nodes.values()];
    const running = new Set(nodes.filter((node) => node.hasInstance).map((node) => node.name));
    const leftMs = Math.max(0, endsAtMs - this.#now());
    return planShutdown(this.#plan().graph, this.#limits(), budgetMs, { atMostMs, leftMs, running });
  }

  /** By the graph in force; of an instance that was spawned with another definition its own clean-ups count. */
  #limits(): Plan['limits'] {
    const { limits } = this.#plan();
    const others = [...this.#nodes.values()].filter(
      ({ spec, instance }) => instance !== undefined && instance.spec !== spec,
    );
    if (others.length === 0) return limits;
    const own = stopLimits({
      services: others.map(({ spec, instance }) => ({ ...spec, cleanup: instance!.spec.cleanup })),
    });
    return new Map([...limits, ...own]);
  }

  /**
   * The plan in force. Where what it guarantees to a service that is asked now is gone, because nothing ran for a while or
   * clean-ups took more than their reserve, what is left is shared anew: else it would be killed as soon as it is asked,
   * and those after it would have all that is left.
   */
  #planFor(node: ServiceNode, limit: Limit, nowMs: number): ShutdownPlan {
    if (holdsGuarantee(limit.plan, node.name, nowMs, limit.endsAtMs)) return limit.plan;
    const plan = this.#share(limit.budget, limit.endsAtMs);
    this.#limit = { ...limit, plan };
    return plan;
  }

  #deadline(node: ServiceNode): Deadline {
    const nowMs = this.#now();
    const { graceMs = node.spec.stop.graceMs } = node.wish.down ?? {};
    if (this.#forced) return { atMs: nowMs, holder: 'force' };
    if (this.#limit === undefined)
      return {
        atMs: nowMs + graceMs,
        holder: graceMs === 0 && node.wish.down?.graceMs === 0 ? 'now' : 'grace',
      };
    const { budget, endsAtMs } = this.#limit;
    const plan = this.#planFor(node, this.#limit, nowMs);
    const { atMs, scaled } = cooperativeDeadline(plan, node.name, nowMs, endsAtMs);
    if (scaled) return { atMs, holder: 'budget' };
    const atMostMs = budget.atMostMs ?? Number.POSITIVE_INFINITY;
    if (graceMs < atMostMs) return { atMs, holder: 'grace' };
    return { atMs, holder: graceMs > atMostMs ? 'interrupt' : 'grace-and-interrupt' };
  }

  #hurryAll(): void {
    for (const [scope, node] of this.#patient) this.#hurry(scope, node);
  }

  #hurry(scope: CancelScope, node: ServiceNode | undefined): void {
    const { atMs, holder } = node === undefined ? this.#lastDeadline() : this.#deadline(node);
    if (atMs >= scope.deadline) return;
    scope.deadline = atMs;
    if (node !== undefined) this.#holders.set(node, holder);
  }

  /** When what belongs to no service is killed: as a service without an own grace, that is the last to stop. */
  #lastDeadline(): Deadline {
    const nowMs = this.#now();
    if (this.#forced || this.#limit === undefined) return { atMs: nowMs, holder: 'force' };
    const { budget, endsAtMs } = this.#limit;
    const latestMs = endsAtMs - Math.min(KILL_MS, budget.budgetMs / 10);
    const atMostMs = nowMs + (budget.atMostMs ?? Number.POSITIVE_INFINITY);
    return { atMs: Math.max(nowMs, Math.min(latestMs, atMostMs)), holder: 'budget' };
  }
}
