/**
 * Why a service that was asked to stop is killed now, and which settings would have given it more time. Pure.
 */
import type { KillLimit, SlowStop } from '../../events/failure.ts';
import { formatDuration } from '../../events/format-duration.ts';
import type { Graph } from '../../graph/graph.ts';
import { longestChain } from '../../graph/longest-chain.ts';
import type { Budget } from '../../graph/plan-run.ts';
import { KILL_MS, type StopLimits } from '../../graph/stop-limits.ts';

/** What gives a service no more time to stop: its own grace, the most of it after Ctrl-C, both, the budget, or an order. */
export type Holder =
  | 'grace'
  | 'interrupt'
  | 'grace-and-interrupt'
  | 'budget'
  /** It had asked for more time, and got it, or what of it the budget left. */
  | 'extended'
  | 'budget-extended'
  | 'force'
  /** A request gave it none. */
  | 'now';

export interface Kill {
  /** A clause. */
  readonly reason: string;
  /** Undefined: no setting would have helped. */
  readonly limit: KillLimit | undefined;
}

export interface KillFacts {
  readonly graceMs: number;
  /** From being asked until now. */
  readonly givenMs: number;
  /** That in force. */
  readonly budget: Budget | undefined;
  readonly graph: Graph;
  readonly limits: ReadonlyMap<string, StopLimits>;
  /** What it waited for longest before it was asked. */
  readonly slow: SlowStop | undefined;
}

const INTERRUPT_GRACE = 'shutdown.interrupt_grace';

export function whatHeld(holder: Holder, facts: KillFacts): Kill {
  const grace = `grace of ${formatDuration(facts.graceMs)}`;
  const given = formatDuration(facts.givenMs);
  switch (holder) {
    case 'force':
      return { reason: 'told to stop again', limit: undefined };
    case 'now':
      return { reason: 'told to stop at once', limit: undefined };
    case 'grace':
      return { reason: `still alive after its ${grace}`, limit: { settings: ['stop.grace'] } };
    case 'extended':
      return {
        reason: `still alive after ${given}, its ${grace} and the time that it asked for`,
        limit: { settings: ['stop.grace'] },
      };
    case 'interrupt':
      return {
        reason: `still alive after ${given}, all that ${INTERRUPT_GRACE} gives it of its ${grace}`,
        limit: { settings: [INTERRUPT_GRACE] },
      };
    case 'grace-and-interrupt':
      return {
        reason: `still alive after its ${grace}, as long as ${INTERRUPT_GRACE}`,
        limit: { settings: ['stop.grace', INTERRUPT_GRACE] },
      };
    case 'budget':
    case 'budget-extended':
      return outOfBudget(holder, given, grace, facts);
  }
}

/** Why what belongs to no service is killed now, a clause; no budget is in force, or it is told to. */
export function lastKillReason(budget: Budget | undefined): string {
  if (budget === undefined) return 'told to stop again';
  if (budget.atMostMs !== undefined)
    return `still alive after ${INTERRUPT_GRACE} (${formatDuration(budget.atMostMs)}) or at the end of ${nameOf(budget)}`;
  return `still alive when ${nameOf(budget)} was used up`;
}

function outOfBudget(
  holder: 'budget' | 'budget-extended',
  given: string,
  grace: string,
  { budget, graph, limits, slow }: KillFacts,
): Kill {
  const rest = holder === 'budget' ? grace : `${grace} and of the time that it asked for`;
  // No budget in force can't hold anybody.
  if (budget === undefined) return { reason: `still alive after ${given} of its ${rest}`, limit: undefined };
  // What has taken a quarter of the budget is why so little of it was left.
  const told = slow !== undefined && slow.took_ms * 4 >= budget.budgetMs ? slow : undefined;
  const before =
    told === undefined ? '' : `; "${told.service}" took ${formatDuration(told.took_ms)} before it`;
  return {
    reason: `still alive after ${given}, all that ${nameOf(budget)} leaves of its ${rest}${before}`,
    limit: {
      settings: [budget.setting],
      ...(holder === 'budget' && { whole_ms: Math.ceil(wholeBudgetMs(graph, limits, budget)) }),
      ...(told && { slow: told }),
    },
  };
}

function nameOf({ setting, budgetMs }: Budget): string {
  return `${setting} (${formatDuration(budgetMs)})`;
}

/** A budget with which every grace is whole. */
function wholeBudgetMs(
  graph: Graph,
  limits: ReadonlyMap<string, StopLimits>,
  { atMostMs = Number.POSITIVE_INFINITY }: Budget,
): number {
  return longestChain(graph, (name) => {
    const { graceMs, cleanupMs } = limits.get(name)!;
    return Math.min(graceMs, atMostMs) + KILL_MS + cleanupMs;
  }).lengthMs;
}
