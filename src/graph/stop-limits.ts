/**
 * The longest that each part of a service's stop may take by its own settings, before any budget is looked at.
 */
import type { Config } from '../config/types.ts';

/** What a SIGKILL may need until the whole tree is gone. */
export const KILL_MS = 250;

/** What of a budget is put aside at most for a clean-up that was given no timeout of its own. */
const UNTIMED_SHARE = 1 / 10;

export interface StopLimits {
  /** From being asked to being killed. */
  readonly graceMs: number;
  /** The timeouts of its clean-ups, which run one after the other. */
  readonly cleanupMs: number;
  /** Those of them that are the default: nobody has said that a clean-up takes that long. */
  readonly untimedMs: readonly number[];
}

export function stopLimits(config: Pick<Config, 'services'>): ReadonlyMap<string, StopLimits> {
  return new Map(
    config.services.map(({ name, stop, cleanup }) => [
      name,
      {
        graceMs: stop.graceMs,
        cleanupMs: sum(cleanup.map(({ timeoutMs }) => timeoutMs)),
        untimedMs: cleanup.filter((one) => one.untimed === true).map(({ timeoutMs }) => timeoutMs),
      },
    ]),
  );
}

/** What its clean-ups count with in a budget: their timeouts, and of a default one a tenth of the budget at most. */
export function countedCleanupMs({ cleanupMs, untimedMs }: StopLimits, budgetMs: number): number {
  const mostMs = budgetMs * UNTIMED_SHARE;
  return cleanupMs - sum(untimedMs.map((timeoutMs) => Math.max(0, timeoutMs - mostMs)));
}

function sum(timesMs: readonly number[]): number {
  return timesMs.reduce((totalMs, timeMs) => totalMs + timeMs, 0);
}
