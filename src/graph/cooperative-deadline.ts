/**
 * When a service that was asked to stop is killed, so that what stops after it still gets its guaranteed share.
 *
 * Pure arithmetic on a shutdown plan: all times are on one scale of the caller's choice. It sets no timer, and it
 * doesn't know about a second signal, which ends every grace at once.
 */
import { ROUNDING_MS } from './longest-chain.ts';
import type { PlannedStop, ShutdownPlan } from './shutdown-budget.ts';

export interface CooperativeDeadline {
  readonly atMs: number;
  /** The budget gave it, not the grace of the service. */
  readonly scaled: boolean;
}

/**
 * The grace from `startMs` on, or what the budget that ends at `endMs` leaves when the service's own kill and
 * reserve and the guaranteed shares of all that stops after it are put aside; never before `startMs`.
 */
export function cooperativeDeadline(
  plan: ShutdownPlan,
  service: string,
  startMs: number,
  endMs: number,
): CooperativeDeadline {
  const wholeMs = startMs + stopOf(plan, service).graceMs;
  const cutMs = Math.max(startMs, latestDeadline(plan, service, endMs));
  return cutMs < wholeMs - ROUNDING_MS ? { atMs: cutMs, scaled: true } : { atMs: wholeMs, scaled: false };
}

/** Until when the budget that ends at `endMs` can wait for a service at most, whatever its grace. */
export function latestDeadline(plan: ShutdownPlan, service: string, endMs: number): number {
  const { killMs, reservedMs, tailMs } = stopOf(plan, service);
  return endMs - killMs - reservedMs - tailMs;
}

/** Whether a service that is asked at `startMs` still has what the plan guarantees to it. */
export function holdsGuarantee(plan: ShutdownPlan, service: string, startMs: number, endMs: number): boolean {
  return latestDeadline(plan, service, endMs) >= startMs + stopOf(plan, service).guaranteedMs - ROUNDING_MS;
}

function stopOf(plan: ShutdownPlan, service: string): PlannedStop {
  const stop = plan.services.get(service);
  if (stop === undefined) throw new Error(`"${service}" is not in the shutdown plan`);
  return stop;
}
