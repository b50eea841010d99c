/**
 * Whether an instance that has ended is followed by another, and after what delay. Pure.
 *
 * Back-off: `min(max_delay, delay * factor^(n-1)) * (1 + jitter * random)`, n counting failures in a row; being
 * ready for `reset_after` makes the next failure the first again. The window bounds restarts, not failures.
 */
import type { RestartPolicy } from '../config/types.ts';
import { formatDuration } from '../events/format-duration.ts';

export interface RestartHistory {
  /** When this service was restarted, within the window, oldest first. */
  readonly restartsMs: readonly number[];
  /** Failures in a row, without a time of being ready long enough between them. */
  readonly failures: number;
}

export const noRestarts: RestartHistory = { restartsMs: [], failures: 0 };

export interface EndedRun {
  readonly outcome: 'success' | 'failure' | 'hopeless';
  /** How long it had been ready; 0 if never. */
  readonly readyMs: number;
}

export type RestartDecision =
  | {
      readonly kind: 'restart';
      readonly delayMs: number;
      /** Failures in a row, this one included. */
      readonly failures: number;
      readonly history: RestartHistory;
    }
  | { readonly kind: 'completed' }
  | { readonly kind: 'failed'; readonly exhausted: string | undefined };

/** `random` is in [0, 1). A hopeless end (the command can't be executed) is never retried. */
export function decideRestart(
  policy: RestartPolicy,
  history: RestartHistory,
  ended: EndedRun,
  nowMs: number,
  random: number,
): RestartDecision {
  const wanted =
    ended.outcome !== 'hopeless' &&
    (policy.policy === 'always' || (policy.policy === 'on-failure' && ended.outcome === 'failure'));
  if (!wanted) {
    return ended.outcome === 'success' ? { kind: 'completed' } : { kind: 'failed', exhausted: undefined };
  }
  const recent = history.restartsMs.filter((atMs) => atMs > nowMs - policy.windowMs);
  if (policy.max > 0 && recent.length >= policy.max) {
    const times = recent.length === 1 ? 'once' : `${recent.length} times`;
    return { kind: 'failed', exhausted: `restarted ${times} within ${formatDuration(policy.windowMs)}` };
  }
  const failures = ended.readyMs >= policy.resetAfterMs ? 1 : history.failures + 1;
  const delayMs = backoffMs(policy, failures, random);
  return { kind: 'restart', delayMs, failures, history: { restartsMs: [...recent, nowMs], failures } };
}

function backoffMs(policy: RestartPolicy, failures: number, random: number): number {
  const grown = Math.min(policy.maxDelayMs, policy.delayMs * policy.factor ** (failures - 1));
  return grown * (1 + policy.jitter * random);
}
