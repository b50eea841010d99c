/**
 * Checks one instance again and again, from being ready until its watch is cancelled, which is before its stop begins.
 *
 * One check at a time, each under its own limit: they never pile up. When one is due is `rounds.ts`, what follows from it
 * `verdict.ts`. It trips at most once, and not while the service only waits for its turn to stop.
 */
import { moveOnAfter, now, sleep, wait } from '../../concurrency/index.ts';
import { dueMs, firstRound, gridOf, isMissed, nextRound } from '../../conditions/health/rounds.ts';
import { healthy, judgeCheck, type Turn, unhealthy } from '../../conditions/health/verdict.ts';
import { attemptOnce, type Outcome, resultOf } from '../../conditions/probe/check.ts';
import type { HealthConfig } from '../../config/types.ts';
import type { Run } from '../run/run.ts';
import type { Ending } from '../service/ending.ts';
import type { LiveInstance } from './live-instance.ts';
import { becomeHealthy, becomeUnhealthy } from './unhealthy.ts';

/** What has crashed doesn't answer either; its exit says more, so it goes first. */
const EXIT_FIRST_MS = 100;

export type Tripped = Extract<Ending, { readonly kind: 'tripped' }>;

/** Once `signal`, that of the watch, is aborted nothing is announced. `trip` is to end the watch. */
export async function watchHealth(
  run: Run,
  live: LiveInstance,
  signal: AbortSignal,
  trip: (ending: Tripped) => void,
): Promise<void> {
  const config = live.node.spec.health;
  const { health: check } = live.monitors;
  if (config === undefined || check === undefined) return;
  check.begin?.();
  const grid = gridOf(config.intervalMs, run.plan.graph.services.indexOf(live.node.name));
  let round = firstRound(grid, now(), check.listens);
  let health = live.complaints.has('health') ? unhealthy : healthy;
  const sinceMs = now();
  let soundMs = sinceMs;
  for (;;) {
    await sleep(dueMs(grid, round) - now());
    if (isMissed(grid, round, now())) {
      round = firstRound(grid, now(), check.listens);
      continue;
    }
    const askedMs = now();
    const outcome = await attemptOnce(check, config.timeoutMs);
    if (signal.aborted) return;
    run.ports.onProbe?.(live.node.name, 'health', resultOf(outcome), now() - askedMs);
    if (outcome.kind === 'held') soundMs = now();
    const judged = judgeCheck(health, verdictOf(outcome), config);
    health = judged.health;
    if (judged.turn === 'unhealthy' && (await exitsMeanwhile(live))) return;
    if (signal.aborted) return;
    // Of what was found while it was about to be stopped it is told when it is to stay.
    const isFound = judged.turn === 'unhealthy' || (!health.isHealthy && outcome.kind !== 'error');
    const trips = isFound && mayTrip(live, config);
    const detail = judged.turn === 'unhealthy' || trips ? await explain(live, outcome) : detailOf(outcome);
    if (signal.aborted) return;
    const { length: times } = health.run;
    if (judged.turn !== undefined) tell(run, live, judged.turn, times, detail);
    if (trips && mayTrip(live, config)) return trip(endingOf(config, times, detail, soundMs - sinceMs));
    round = nextRound(grid, round, now());
  }
}

async function exitsMeanwhile({ instance }: LiveInstance): Promise<boolean> {
  return (await moveOnAfter(EXIT_FIRST_MS, () => wait(instance.exited))) !== undefined;
}

function tell(run: Run, live: LiveInstance, turn: Turn, failures: number, detail: string): void {
  switch (turn) {
    case 'unhealthy':
      becomeUnhealthy(run, live, 'health', failures, detail);
      break;
    case 'healthy':
      becomeHealthy(run, live, 'health');
      break;
    case 'not-made': {
      const of = { service: live.node.name, attempt: live.attempt };
      run.announce({ type: 'service.note', ...of, text: `its health can't be checked: ${detail}` });
      break;
    }
  }
}

/** What is to be stopped anyway waits for its dependents as it is. */
function mayTrip({ node }: LiveInstance, { onFailure }: HealthConfig): boolean {
  return onFailure !== 'report' && node.leaving === undefined && node.givesWay === undefined;
}

/** `readyMs`: what it did after its last good check doesn't speak for it. */
function endingOf({ onFailure }: HealthConfig, failures: number, detail: string, readyMs: number): Tripped {
  const times = failures === 1 ? '' : ` ${failures} times in a row`;
  const why = `health check failed${times}: ${detail}`;
  return { kind: 'tripped', why, collapse: onFailure === 'shutdown', readyMs };
}

/** With where it listens, if that is elsewhere. */
async function explain({ context }: LiveInstance, outcome: Outcome): Promise<string> {
  const unanswered = outcome.kind === 'not-yet' ? (outcome.unanswered ?? []) : [];
  return (await context.elsewhere?.(detailOf(outcome), unanswered)) ?? detailOf(outcome);
}

function verdictOf({ kind }: Outcome): 'held' | 'not-yet' | 'error' {
  return kind === 'never' ? 'not-yet' : kind;
}

function detailOf(outcome: Outcome): string {
  if (outcome.kind === 'held') return outcome.evidence;
  return outcome.kind === 'never' ? outcome.why : outcome.detail;
}
