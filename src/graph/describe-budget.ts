/**
 * What `check` tells about the shutdowns of a run, as data and as warnings.
 */
import type { Problem } from '../config/diagnostics/problem.ts';
import { ROUNDING_MS } from './longest-chain.ts';
import type { PlannedStop, ShutdownPlan } from './shutdown-budget.ts';

/** The rest is counted. */
const NAMED = 3;

export interface ScaledGrace {
  readonly service: string;
  readonly graceMs: number;
  readonly guaranteedMs: number;
}

export interface BudgetDescription {
  readonly budgetMs: number;
  readonly worstCaseMs: number;
  /** The services that make the worst case, the first to stop first. */
  readonly chain: readonly string[];
  /** Every grace that is not guaranteed whole, in the order of the file. */
  readonly scaled: readonly ScaledGrace[];
  readonly warnings: readonly Problem[];
}

/** `plans` are those of one budget for all that may run at once (`graph-warnings.ts`), at least one. */
export function describeBudget(
  plans: readonly ShutdownPlan[],
  formatDuration: (ms: number) => string,
): BudgetDescription {
  const worst = plans.reduce((a, b) => (b.worstCaseMs > a.worstCaseMs ? b : a));
  return {
    budgetMs: worst.budgetMs,
    worstCaseMs: worst.worstCaseMs,
    chain: worst.chain,
    scaled: [...worst.services.keys()].flatMap((service) => scaledGrace(service, plans)),
    warnings: budgetWarnings(plans, formatDuration),
  };
}

/** Its smallest share; none where it is always granted whole. */
function scaledGrace(service: string, plans: readonly ShutdownPlan[]): ScaledGrace[] {
  const stops = plans.flatMap(({ services }): PlannedStop[] => {
    const stop = services.get(service);
    return stop !== undefined && stop.guaranteedMs < stop.graceMs - ROUNDING_MS ? [stop] : [];
  });
  if (stops.length === 0) return [];
  const { graceMs, guaranteedMs } = stops.reduce((a, b) => (b.guaranteedMs < a.guaranteedMs ? b : a));
  return [{ service, graceMs, guaranteedMs }];
}

function budgetWarnings(
  plans: readonly ShutdownPlan[],
  formatDuration: (ms: number) => string,
): readonly Problem[] {
  const { budgetMs, overrunMs, services } = plans.reduce((a, b) => (b.overrunMs > a.overrunMs ? b : a));
  if (overrunMs === 0) return [];
  const total = formatDuration(budgetMs + overrunMs);
  const scarce = [...services].flatMap(([name, { cleanupMs, reservedMs }]) =>
    cleanupMs - reservedMs > ROUNDING_MS
      ? [`"${name}" (${formatDuration(cleanupMs)}, of which ${formatDuration(reservedMs)} are put aside)`]
      : [],
  );
  const more = scarce.length > NAMED ? ` and ${scarce.length - NAMED} more` : '';
  return [
    {
      severity: 'warning',
      message: `The shutdown can take ${total}, more than its budget of ${formatDuration(budgetMs)}, if clean-ups take as long as they may: those of ${scarce.slice(0, NAMED).join(', ')}${more}`,
      path: ['shutdown', 'budget'],
      hint: 'Give them a `timeout` that is no longer than they need, or give the shutdown more time.',
    },
  ];
}
