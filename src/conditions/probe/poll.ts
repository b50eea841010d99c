/**
 * Repeats a check until it has held often enough in a row, or never can.
 *
 * Only the loop, with its pauses: one attempt is `check.ts`. It has no end of its own; the scope around it has.
 */
import { now, sleep } from '../../concurrency/index.ts';
import type { ConditionTiming } from '../../config/types.ts';
import { attemptOnce, type Check, describeCut, type Outcome, resultOf } from './check.ts';
import type { Target } from './elsewhere.ts';
import { failed, held, type Part, withElapsed } from './part.ts';
import type { ProbeContext } from './probe.ts';

/** The outcome that ended the loop. */
export type Settled = Extract<Outcome, { readonly kind: 'held' | 'never' }>;

/**
 * Attempts, the first at once, until the threshold is reached; `onOutcome` sees every outcome, the last one too, and
 * how long it took.
 */
export async function poll(
  check: Check,
  timing: Pick<ConditionTiming, 'timeoutMs' | 'intervalMs' | 'successes'>,
  onOutcome: (outcome: Outcome, tookMs: number) => void,
): Promise<Settled> {
  let run = noRun;
  for (let attempt = 1; ; attempt++) {
    const askedMs = now();
    const outcome = await attemptOnce(check, timing.timeoutMs);
    onOutcome(outcome, now() - askedMs);
    if (outcome.kind === 'never') return outcome;
    run = nextRun(run, outcome.kind);
    if (outcome.kind === 'held' && run.length >= timing.successes) return outcome;
    await sleep(pauseAfterMs(attempt, timing.intervalMs));
  }
}

const FIRST_MS = 20;
const GROWTH = 1.5;
const LONGEST_MS = 500;

/**
 * Milliseconds to pause after attempt number `attempt` (from 1): the fixed interval, or, where it is undefined,
 * 20 ms growing by half each time up to 500 ms. Most services are ready within a blink, so the first attempts come
 * quickly; a slow one isn't pestered. Pure.
 */
export function pauseAfterMs(attempt: number, fixedMs: number | undefined): number {
  return fixedMs ?? Math.min(LONGEST_MS, FIRST_MS * GROWTH ** (attempt - 1));
}

/**
 * Makes a part of a check: it holds once polling has seen it hold. Remembers what the last attempt lacked, for the
 * sentence of the deadline.
 */
export function createPolledPart(
  check: Check,
  given: ConditionTiming,
  { service, ports }: Pick<ProbeContext, 'service' | 'ports'>,
): Part {
  const timing = { ...given };
  let detail: string | undefined;
  let unanswered: readonly Target[] = [];
  return {
    retime({ timeoutMs, intervalMs, successes }) {
      Object.assign(timing, { timeoutMs, intervalMs, successes });
    },
    async hold() {
      const sinceMs = now();
      const settled = await poll(check, timing, (outcome, tookMs) => {
        ports.onProbe?.(service, 'readiness', resultOf(outcome), tookMs);
        if (outcome.kind === 'held')
          detail = `${outcome.evidence}, but not ${timing.successes} times in a row`;
        else if (outcome.kind !== 'never') detail = outcome.detail;
        unanswered = (outcome.kind === 'not-yet' && outcome.unanswered) || [];
      });
      return settled.kind === 'held' ? withElapsed(held(settled.evidence), sinceMs) : failed(settled.why);
    },
    missing: () => detail ?? describeCut(check, undefined),
    unanswered: () => unanswered,
  };
}

/** Equal outcomes in a row: a threshold asks for consecutive ones. */
export interface Run {
  readonly of: 'held' | 'not-yet';
  readonly length: number;
}

export const noRun: Run = { of: 'not-yet', length: 0 };

/**
 * The run after one more outcome. An attempt that could not be made says nothing about the service: it neither extends
 * nor breaks a run (the rule of the Kubernetes prober). Pure.
 */
export function nextRun(run: Run, outcome: 'held' | 'not-yet' | 'error'): Run {
  if (outcome === 'error') return run;
  return outcome === run.of ? { of: run.of, length: run.length + 1 } : { of: outcome, length: 1 };
}
