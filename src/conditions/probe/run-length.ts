/**
 * Counts equal outcomes in a row, so that a threshold asks for consecutive ones. Pure.
 *
 * An attempt that could not be made says nothing about the service: it neither extends nor breaks a run (the rule
 * of the Kubernetes prober).
 */

export interface Run {
  readonly of: 'held' | 'not-yet';
  readonly length: number;
}

export const noRun: Run = { of: 'not-yet', length: 0 };

/** The run after one more outcome. */
export function nextRun(run: Run, outcome: 'held' | 'not-yet' | 'error'): Run {
  if (outcome === 'error') return run;
  return outcome === run.of ? { of: run.of, length: run.length + 1 } : { of: outcome, length: 1 };
}
