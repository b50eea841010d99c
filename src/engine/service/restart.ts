/**
 * Whether an instance that has ended is followed by another, and after what delay. Pure.
 *
 * Restarts are limited twice: in a row, which ends when an instance has been ready for `reset_after`, and within a
 * window, whatever lay between. Back-off: `min(max_delay, delay * factor^(n-1)) * (1 + jitter * random)`, n counting
 * failures in a row. What is remembered of them is bounded, however many there were.
 */
import type { RestartPolicy } from '../../config/types.ts';
import { formatDuration } from '../../events/format-duration.ts';

export interface RestartHistory {
  /** Restarts since an instance was ready long enough. */
  readonly inRow: number;
  /** Restarts within the window, oldest first; nothing is remembered where there is no limit. */
  readonly recent: readonly Restarts[];
}

/** Restarts so close to each other that they count as one moment, which is that of the last. */
interface Restarts {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

/** What of a window is one moment: so a history has at most a thousand of them, and errs on the strict side. */
const MOMENT_SHARE = 1 / 1000;

export const noRestarts: RestartHistory = { inRow: 0, recent: [] };

export interface EndedRun {
  readonly outcome: 'success' | 'failure' | 'hopeless';
  /** How long it had been ready; undefined: it never was. */
  readonly readyMs: number | undefined;
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
  before: RestartHistory,
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
  const history = historyAt(policy, before, ended.readyMs, nowMs);
  if (policy.max > 0 && restartsOf(history).used >= policy.max) {
    return { kind: 'failed', exhausted: exhaustedClause(policy, history) };
  }
  const failures = history.inRow + 1;
  return {
    kind: 'restart',
    delayMs: backoffMs(policy, failures, random),
    failures,
    history: {
      inRow: failures,
      recent: policy.max === 0 ? [] : withRestart(history.recent, nowMs, policy.windowMs),
    },
  };
}

/** What of it still counts after an instance that was ready for so long. */
export function historyAt(
  policy: RestartPolicy,
  { inRow, recent }: RestartHistory,
  readyMs: number | undefined,
  nowMs: number,
): RestartHistory {
  const isNewRow = readyMs !== undefined && readyMs >= policy.resetAfterMs;
  return {
    inRow: isNewRow ? 0 : inRow,
    recent: recent.filter(({ toMs }) => toMs > nowMs - policy.windowMs),
  };
}

/** The restarts that are nearest to the limit, and so decide: those in a row, or those within the window if they are more. */
export function restartsOf({ inRow, recent }: RestartHistory): {
  readonly used: number;
  readonly areInRow: boolean;
} {
  const within = recent.reduce((sum, { count }) => sum + count, 0);
  return { used: Math.max(inRow, within), areInRow: inRow >= within };
}

/** The delay before the restart that follows the failure of this number in a row, from 1; finite for every number. */
export function backoffMs(
  { delayMs, factor, maxDelayMs, jitter }: RestartPolicy,
  failures: number,
  random: number,
): number {
  // A power may be infinite, and 0 times that is no number.
  const grownMs = delayMs === 0 ? 0 : Math.min(maxDelayMs, delayMs * factor ** (failures - 1));
  return grownMs * (1 + jitter * random);
}

function withRestart(recent: readonly Restarts[], nowMs: number, windowMs: number): readonly Restarts[] {
  const last = recent.at(-1);
  const isSameMoment = last !== undefined && nowMs - last.fromMs <= windowMs * MOMENT_SHARE;
  if (!isSameMoment) return [...recent, { fromMs: nowMs, toMs: nowMs, count: 1 }];
  return [...recent.slice(0, -1), { fromMs: last.fromMs, toMs: nowMs, count: last.count + 1 }];
}

function exhaustedClause({ windowMs }: RestartPolicy, history: RestartHistory): string {
  const { used, areInRow } = restartsOf(history);
  const times = used === 1 ? 'once' : `${used} times`;
  if (!areInRow) return `restarted ${times} within ${formatDuration(windowMs)}`;
  return used === 1 ? 'restarted once' : `restarted ${times} in a row`;
}
