/**
 * One line of the result: what was measured, against what, and what it should be. Pure.
 */
import type { Sample } from './sample.ts';

export type Unit = 'µs' | 'ms' | 'B' | 'MB' | 'MB/s' | 'M/s' | 's/GB' | '/s' | '%';

export interface Baseline {
  readonly name: string;
  readonly sample: Sample;
}

/** `ratio`: ours divided by the baseline; `difference`: ours less the baseline; `value`: ours alone. */
export interface Goal {
  readonly of: 'ratio' | 'difference' | 'value';
  readonly is: 'at most' | 'at least';
  readonly limit: number;
}

export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  readonly ours: Sample;
  readonly baseline: Baseline | undefined;
  /** Undefined: for information. */
  readonly goal: Goal | undefined;
}

/** Ours divided by the baseline, medians of both; undefined where there is nothing to divide by. */
export function ratioOf({ ours, baseline }: Figure): number | undefined {
  const divisor = baseline?.sample.median ?? 0;
  return divisor === 0 ? undefined : ours.median / divisor;
}

export function isMet(figure: Figure, goal: Goal): boolean {
  const value = judged(figure, goal);
  return goal.is === 'at most' ? value <= goal.limit : value >= goal.limit;
}

function judged(figure: Figure, goal: Goal): number {
  if (goal.of === 'value') return figure.ours.median;
  const baseline = figure.baseline?.sample.median ?? Number.NaN;
  return goal.of === 'ratio' ? figure.ours.median / baseline : figure.ours.median - baseline;
}
