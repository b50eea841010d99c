/**
 * Repeats a check until it has held often enough in a row, or never can.
 *
 * Only the loop: pauses are decided by `interval.ts`, thresholds by `run-length.ts`, one attempt is `attempt.ts`.
 * It has no end of its own; the scope around it has.
 */
import { sleep } from '../concurrency/index.ts';
import type { ConditionTiming } from '../config/types.ts';
import { attemptOnce } from './attempt.ts';
import type { Check, Outcome } from './check.ts';
import { pauseAfterMs } from './interval.ts';
import { nextRun, noRun } from './run-length.ts';

/** The outcome that ended the loop. */
export type Settled = Extract<Outcome, { readonly kind: 'held' | 'never' }>;

/** Attempts, the first at once, until the threshold is reached; `onOutcome` sees every outcome, the last one too. */
export async function poll(
  check: Check,
  timing: Pick<ConditionTiming, 'timeoutMs' | 'intervalMs' | 'successes'>,
  onOutcome: (outcome: Outcome) => void,
): Promise<Settled> {
  let run = noRun;
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptOnce(check, timing.timeoutMs);
    onOutcome(outcome);
    if (outcome.kind === 'never') return outcome;
    run = nextRun(run, outcome.kind);
    if (outcome.kind === 'held' && run.length >= timing.successes) return outcome;
    await sleep(pauseAfterMs(attempt, timing.intervalMs));
  }
}
