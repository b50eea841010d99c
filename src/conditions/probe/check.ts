/**
 * One attempt at a condition that has to be asked for (tcp, http, exec, file): the single step of the polling loop.
 *
 * A check asks once and knows nothing of loops, thresholds and deadlines: `attemptOnce` limits it, `poll.ts` repeats
 * it.
 */
import { CancelScope, checkpoint } from '../../concurrency/index.ts';
import type { ProbeResult } from '../../events/event.ts';
import { formatDuration } from '../../events/format-duration.ts';
import type { Target } from './elsewhere.ts';

export type Outcome =
  | { readonly kind: 'held'; readonly evidence: string }
  /** It was asked and said no. `unanswered`: nobody did, where a process of the service is to answer. */
  | {
      readonly kind: 'not-yet';
      readonly detail: string;
      readonly unanswered?: readonly Target[] | undefined;
    }
  /** It could not be asked, which says nothing about the service. */
  | { readonly kind: 'error'; readonly detail: string }
  /** Asking again is of no use. */
  | { readonly kind: 'never'; readonly why: string };

export function resultOf({ kind }: Outcome): ProbeResult {
  if (kind === 'error') return 'error';
  return kind === 'held' ? 'success' : 'failure';
}

export interface Check {
  /** What it asks: "tcp 127.0.0.1:5432". Details and evidence begin with it. */
  readonly subject: string;
  /** What to say of an attempt that was cut: "no answer". */
  readonly unanswered: string;
  /** Where a process of the service is to answer; undefined: that isn't known, or anybody may. */
  readonly target?: Target | undefined;
  /**
   * Asks once. When the signal aborts it ends as soon as nothing of it is left; what it then resolves with counts
   * for nothing.
   */
  attempt(signal: AbortSignal): Promise<Outcome>;
  /** What the attempt had to say until it was cut, empty for nothing. */
  said?(): string;
}

/** The sentence for an attempt that was cut: at its limit, or (undefined) by something else. */
export function describeCut(check: Check, limit: string | undefined): string {
  const said = check.said?.() ?? '';
  const within = limit === undefined ? '' : ` within ${limit}`;
  return `${check.subject}: ${check.unanswered}${within}${said === '' ? '' : `: ${said}`}`;
}

/**
 * Asks once, for at most `timeoutMs`; cancelled, it throws once the attempt has ended. It ends only when the attempt
 * has ended, so a probe never outlives its limit, and an answer that came with the limit is late: a timeout is never a
 * success. Time in which we could not run is not the service's: it isn't counted.
 */
export async function attemptOnce(check: Check, timeoutMs: number): Promise<Outcome> {
  const limit = new CancelScope({ timeoutMs, forgivesStalls: true, name: 'attempt' });
  const answer = await limit.run(async (scope) => {
    // In a cancelled scope code runs up to its first wait; a command must not be spawned there.
    if (scope.signal.aborted) return undefined;
    const outcome = await check.attempt(scope.signal);
    return scope.signal.aborted ? undefined : outcome;
  });
  if (answer !== undefined) return answer;
  // Cut by the limit, or by a scope around us: then this throws, and the cut says nothing about the service.
  await checkpoint();
  return {
    kind: 'not-yet',
    detail: describeCut(check, formatDuration(timeoutMs)),
    unanswered: check.target && [check.target],
  };
}
