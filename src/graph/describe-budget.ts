/**
 * What `check` tells about a shutdown plan, as data and as warnings.
 */
import type { Problem } from '../config/problem.ts';
import type { ShutdownPlan } from './shutdown-budget.ts';

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

export function describeBudget(plan: ShutdownPlan): BudgetDescription {
  return {
    budgetMs: plan.budgetMs,
    worstCaseMs: plan.worstCaseMs,
    chain: plan.chain,
    scaled: [...plan.services]
      .filter(([, stop]) => stop.guaranteedMs < stop.graceMs)
      .map(([service, { graceMs, guaranteedMs }]) => ({ service, graceMs, guaranteedMs })),
    warnings: budgetWarnings(plan),
  };
}

function budgetWarnings(plan: ShutdownPlan): readonly Problem[] {
  const path = ['shutdown', plan.reserveCleanups ? 'budget' : 'interrupt_grace'];
  const budget = seconds(plan.budgetMs);
  const warnings: Problem[] = [];
  if (!plan.fits) {
    warnings.push({
      severity: 'warning',
      message: `The shutdown budget of ${budget} leaves no time to ask: killing one service after the other${plan.reserveCleanups ? ' and cleaning up' : ''} can take longer`,
      path,
      hint: 'Every service is killed at once when its turn comes. Give the shutdown more time.',
    });
  }
  if (plan.cleanupsMayOverrun) {
    warnings.push({
      severity: 'warning',
      message: `The clean-ups can take ${seconds(plan.cleanupChainMs)} one after the other, more than half of the shutdown budget of ${budget}`,
      path,
      hint: 'If they do, the shutdown can overrun its budget. Shorten their timeouts, or give it more time.',
    });
  }
  return warnings;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 10) / 100}s`;
}
