/**
 * What `check` tells about the shutdowns of a run, as data and as warnings.
 */
import type { Problem } from '../config/problem.ts';
import type { PlannedStop, ShutdownPlan } from './shutdown-budget.ts';

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
  /** The smallest of the plans: what of its grace every service is guaranteed at least. */
  readonly factor: number;
  /** Every grace that is not guaranteed whole, in the order of the file. */
  readonly scaled: readonly ScaledGrace[];
  readonly warnings: readonly Problem[];
}

/** `plans` are those of one budget for all that may run at once (`running-states.ts`), at least one. */
export function describeBudget(
  plans: readonly ShutdownPlan[],
  formatDuration: (ms: number) => string,
): BudgetDescription {
  const worst = plans.reduce((a, b) => (b.worstCaseMs > a.worstCaseMs ? b : a));
  return {
    budgetMs: worst.budgetMs,
    worstCaseMs: worst.worstCaseMs,
    chain: worst.chain,
    factor: Math.min(...plans.map(({ factor }) => factor)),
    scaled: [...worst.services.keys()].flatMap((service) => scaledGrace(service, plans)),
    warnings: budgetWarnings(plans, worst, formatDuration),
  };
}

/** Its smallest share; none where it is always granted whole. */
function scaledGrace(service: string, plans: readonly ShutdownPlan[]): ScaledGrace[] {
  const stops = plans.flatMap(({ services }): PlannedStop[] => {
    const stop = services.get(service);
    return stop !== undefined && stop.guaranteedMs < stop.graceMs ? [stop] : [];
  });
  if (stops.length === 0) return [];
  const { graceMs, guaranteedMs } = stops.reduce((a, b) => (b.guaranteedMs < a.guaranteedMs ? b : a));
  return [{ service, graceMs, guaranteedMs }];
}

function budgetWarnings(
  plans: readonly ShutdownPlan[],
  { budgetMs, reserveCleanups, cleanupsMayOverrun, cleanupChainMs }: ShutdownPlan,
  formatDuration: (ms: number) => string,
): readonly Problem[] {
  const path = ['shutdown', reserveCleanups ? 'budget' : 'interrupt_grace'];
  const budget = formatDuration(budgetMs);
  const warnings: Problem[] = [];
  if (plans.some(({ fits }) => !fits)) {
    warnings.push({
      severity: 'warning',
      message: `The shutdown budget of ${budget} leaves no time to ask: killing one service after the other${reserveCleanups ? ' and cleaning up' : ''} can take longer`,
      path,
      hint: 'Every service is killed at once when its turn comes. Give the shutdown more time.',
    });
  }
  if (cleanupsMayOverrun) {
    warnings.push({
      severity: 'warning',
      message: `The clean-ups can take ${formatDuration(cleanupChainMs)} one after the other, more than half of the shutdown budget of ${budget}`,
      path,
      hint: 'If they do, the shutdown can overrun its budget. Shorten their timeouts, or give it more time.',
    });
  }
  return warnings;
}
