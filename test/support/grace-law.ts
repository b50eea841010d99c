/**
 * G4: what each service is given from being asked to being killed, held against what a simulation saw.
 *
 * After Ctrl-C it is at most what a person waits for each, and no less than its share of the budget: no chain takes more
 * than all services together, and of the budget four tenths at least are for the asking. Where time was lost, or clean-ups
 * outran their reserve, it is its share of what of those is left when it is asked.
 */
import assert from 'node:assert/strict';
import { beyondReserveMs } from './beyond-reserve.ts';
import type { LogEntry } from './simulated-launcher.ts';
import { eventsOf, ROUNDING_MS, specOf } from './simulated-lives.ts';
import type { Scenario, Simulated } from './simulation.ts';

/** How long it may take to see that something is left of a service, and to see it gone. */
const LOOK_MS = 60;
/** The same when we come too late to a deadline. */
const LATE_LOOK_MS = 260;
const WAITED_FOR_MS = 2000;
/** What of a budget no reserve takes. */
const FOR_ASKING = 0.4;

export function assertGraces(scenario: Scenario, seen: Simulated): void {
  const requested = eventsOf(seen, 'shutdown.requested')[0];
  const isEscalated = eventsOf(seen, 'shutdown.escalated').length > 0;
  const budgetMs = requested?.budget_ms;
  if (requested?.cause.kind !== 'signal' || budgetMs === undefined || isEscalated) return;
  const isCtrlC = requested.cause.signal === 'SIGINT' && scenario.interactive !== false;
  const mostMs = isCtrlC ? (scenario.shutdown?.interruptGraceMs ?? WAITED_FOR_MS) : Infinity;
  const isWhole = beyondReserveMs(scenario.services, budgetMs) === 0 && seen.lostMs === 0;
  const lateMs = seen.lostMs === 0 ? 0 : seen.lostMs + LATE_LOOK_MS;
  let lookedMs = 0;
  for (const entry of seen.log) {
    if (entry.what === 'kill' || entry.what === 'ask-rest') lookedMs += LOOK_MS;
    const askedMs = entry.what === 'kill' && whenAsked(seen, entry);
    if (askedMs === false || askedMs === undefined || askedMs < requested.ms) continue;
    const givenMs = entry.ms - askedMs;
    const graceMs = Math.min(specOf(scenario, entry.service).stop.graceMs, mostMs);
    const usedMs = isWhole ? 0 : askedMs - requested.ms;
    const leastMs = shareOf(scenario, budgetMs * FOR_ASKING - usedMs, mostMs, graceMs) - lookedMs;
    assert.ok(givenMs >= leastMs - ROUNDING_MS, `${entry.service} was given ${givenMs} of ${leastMs} ms`);
    const extended = eventsOf(seen, 'service.note').some(
      ({ service, text }) => service === entry.service && /more to stop/.test(text),
    );
    assert.ok(
      extended || givenMs <= graceMs + lateMs + ROUNDING_MS,
      `${entry.service} was given ${givenMs} of ${graceMs} ms`,
    );
  }
}

function whenAsked({ log }: Simulated, { service, attempt }: LogEntry): number | undefined {
  return log.find((one) => one.what === 'ask' && one.service === service && one.attempt === attempt)?.ms;
}

function shareOf({ services }: Scenario, leftMs: number, mostMs: number, graceMs: number): number {
  const allMs = services.reduce((sum, { stop }) => sum + Math.min(stop.graceMs, mostMs), 0);
  return Math.min(graceMs, allMs === 0 ? 0 : (graceMs * Math.max(0, leftMs)) / allMs);
}
