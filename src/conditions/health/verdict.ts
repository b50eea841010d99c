/**
 * Whether a service counts as healthy after one more check. Pure.
 *
 * It takes several failures in a row to become unhealthy, and several successes to be healthy again; a check that
 * couldn't be made neither counts nor resets.
 */
import { nextRun, noRun, type Run } from '../probe/poll.ts';

export interface Thresholds {
  readonly failures: number;
  readonly successes: number;
}

export interface Health {
  readonly isHealthy: boolean;
  readonly run: Run;
  /** Checks in a row that couldn't be made. */
  readonly notMade: number;
}

/** A service that has just become ready. */
export const healthy: Health = { isHealthy: true, run: noRun, notMade: 0 };

/** One that a check has found to be ill, and nothing since. */
export const unhealthy: Health = { ...healthy, isHealthy: false };

/** What there is to tell. `not-made`: for a while already nobody knows how it is. */
export type Turn = 'unhealthy' | 'healthy' | 'not-made';

const MANY_NOT_MADE = 3;

export function judgeCheck(
  before: Health,
  outcome: 'held' | 'not-yet' | 'error',
  { failures, successes }: Thresholds,
): { readonly health: Health; readonly turn: Turn | undefined } {
  if (outcome === 'error') {
    const notMade = before.notMade + 1;
    return { health: { ...before, notMade }, turn: notMade === MANY_NOT_MADE ? 'not-made' : undefined };
  }
  const run = nextRun(before.run, outcome);
  const turns = before.isHealthy
    ? run.of === 'not-yet' && run.length >= failures
    : run.of === 'held' && run.length >= successes;
  const isHealthy = turns ? !before.isHealthy : before.isHealthy;
  return {
    health: { isHealthy, run, notMade: 0 },
    turn: turns ? (isHealthy ? 'healthy' : 'unhealthy') : undefined,
  };
}
