/**
 * The law of edges that react, held against what a simulation saw: who relies on something that is lost is stopped at
 * once, after those that rely on it, and is over before what it needs is there again.
 *
 * Only edges without `after` are held against it: how long the others wait is a matter of tables.
 */
import assert from 'node:assert/strict';
import type { Edge, ServiceConfig } from '../../src/config/types.ts';
import { isOrderedStop } from './own-stop.ts';
import { eventsOf, type Life, lives, ROUNDING_MS, specOf } from './simulated-lives.ts';
import type { Scenario, Simulated } from './simulation.ts';

/** A check of its health that is under way is dead before a service is asked to stop. */
const CHECK_DIES_MS = 50;

export interface Relier {
  readonly spec: ServiceConfig;
  readonly life: Life;
}

/** The instances that relied on this one: their edge reacts, at once, and held when they were spawned. */
export function reliersOf(
  scenario: Scenario,
  seen: Simulated,
  service: string,
  attempt: number,
): readonly Relier[] {
  const spec = specOf(scenario, service);
  const own = lives(seen, service).find((life) => life.attempt === attempt);
  if (own === undefined) return [];
  const exitMs = happened(seen, 'exit', service, attempt) ?? Infinity;
  // Who can be without it may be started while it has to go, and doesn't rely on it then.
  const goingMs = Math.min(
    happened(seen, 'ask', service, attempt) ?? Infinity,
    orderedMs(scenario, seen, spec) - ROUNDING_MS,
  );
  const isOrdered = eventsOf(seen, 'service.stopping').some(
    (event) => event.service === service && event.attempt === attempt && isOrderedStop(event.reason),
  );
  return scenario.services.flatMap((dependent) => {
    const edge = dependent.dependsOn.find((one) => one.service === service && one.onLoss?.afterMs === 0);
    // Who can do without what has to stop starts again while that is still there.
    if (edge?.optional && isOrdered) return [];
    const ordered = orderedMs(scenario, seen, dependent);
    const heldMs = edge && heldFrom(seen, spec, own, edge);
    if (edge === undefined || heldMs === undefined || heldMs >= exitMs) return [];
    return lives(seen, dependent.name)
      .filter(({ goneMs }) => goneMs <= ordered)
      .filter(({ spawnMs }) => spawnMs < exitMs)
      .filter(({ spawnMs }) => (edge.optional ? spawnMs > heldMs && spawnMs <= goingMs : spawnMs >= heldMs))
      .map((life) => ({ spec: dependent, life }));
  });
}

/** When something failed for good that it can't be without: from then on it stops in its order. */
function orderedMs(scenario: Scenario, seen: Simulated, spec: ServiceConfig): number {
  const needs = needsOf(scenario, spec);
  const failed = eventsOf(seen, 'service.failed').filter(
    ({ service }) => needs.has(service) && specOf(scenario, service).onFailure === 'isolate',
  );
  // What failed is told to have when it has been cleaned up after: it had when a monitor tripped, or when it ended.
  const known = failed.flatMap(({ service, attempt, ms, cause }) => [
    ms,
    happened(seen, 'exit', service, attempt) ?? ms,
    ...eventsOf(seen, 'service.unhealthy')
      .filter((found) => found.service === service && found.attempt === attempt)
      .flatMap((found) => (cause.includes(found.detail) ? [found.ms] : [])),
  ]);
  return Math.min(Infinity, ...known);
}

function needsOf(scenario: Scenario, spec: ServiceConfig, found = new Set<string>()): ReadonlySet<string> {
  for (const { service, optional } of spec.dependsOn) {
    if (optional || found.has(service)) continue;
    found.add(service);
    needsOf(scenario, specOf(scenario, service), found);
  }
  return found;
}

/** All that may have relied on it for which it could wait before it ended. */
function mayWaitFor(scenario: Scenario, seen: Simulated, service: string, own: Life): readonly Life[] {
  return scenario.services
    .filter(({ dependsOn }) => dependsOn.some((one) => one.service === service && one.onLoss !== undefined))
    .flatMap(({ name }) => lives(seen, name))
    .filter(({ spawnMs, goneMs }) => spawnMs < own.goneMs && goneMs > own.spawnMs);
}

function heldFrom(seen: Simulated, spec: ServiceConfig, own: Life, edge: Edge): number | undefined {
  if (edge.condition === 'started') return own.spawnMs;
  const saidMs = happened(seen, 'ready', spec.name, own.attempt);
  return spec.type === 'service' && spec.ready === undefined ? own.spawnMs : saidMs;
}

function happened(
  seen: Simulated,
  what: 'ask' | 'exit' | 'ready',
  service: string,
  attempt: number,
): number | undefined {
  const own = seen.log.filter((entry) => entry.service === service && entry.attempt === attempt);
  const isUnexecuted = !own.some((entry) => entry.what === 'spawn');
  if (what === 'exit' && isUnexecuted) return own.findLast((entry) => entry.what === 'ahead-exit')?.ms;
  return own.find((entry) => entry.what === what)?.ms;
}

/** Those that rely on it, those that rely on them, and so on, as far as they run. */
function fallingWith(
  scenario: Scenario,
  seen: Simulated,
  { service, attempt }: { readonly service: string; readonly attempt: number },
  atMs: number,
): readonly Relier[] {
  return reliersOf(scenario, seen, service, attempt)
    .filter(({ spec, life }) => (happened(seen, 'exit', spec.name, life.attempt) ?? Infinity) > atMs)
    .flatMap((relier) => {
      const next = { service: relier.spec.name, attempt: relier.life.attempt };
      return [relier, ...fallingWith(scenario, seen, next, atMs)];
    });
}

/** Nobody runs on against what it has lost. */
export function assertLossesAnswered(scenario: Scenario, seen: Simulated): void {
  const downMs = eventsOf(seen, 'shutdown.requested')[0]?.ms ?? Infinity;
  for (const exit of seen.log) {
    if (exit.what !== 'exit' || exit.ms >= downMs) continue;
    const spec = specOf(scenario, exit.service);
    const code = exit.exit?.kind === 'code' ? exit.exit.code : undefined;
    const isDone = spec.type === 'task' && code !== undefined && spec.restart.successCodes.includes(code);
    if (isDone) continue;
    for (const { spec: relier, life } of fallingWith(scenario, seen, exit, exit.ms)) {
      const before = mayWaitFor(scenario, seen, relier.name, life);
      const turnMs = Math.max(exit.ms, ...before.map(({ goneMs }) => goneMs));
      if (turnMs >= downMs) continue;
      const answeredMs = Math.min(
        happened(seen, 'ask', relier.name, life.attempt) ?? Infinity,
        happened(seen, 'exit', relier.name, life.attempt) ?? Infinity,
      );
      assert.ok(
        answeredMs <= turnMs + ROUNDING_MS + (relier.health === undefined ? 0 : CHECK_DIES_MS),
        `${relier.name}#${life.attempt} ran on until ${answeredMs} though ${exit.service} was lost at ${exit.ms}`,
      );
    }
  }
}

/** What was lost isn't started again while somebody who relied on it is still there. */
export function assertReturnsAwaited(scenario: Scenario, seen: Simulated): void {
  for (const spawn of seen.log) {
    if (spawn.what !== 'spawn' || spawn.attempt === 1) continue;
    for (const { spec, life } of reliersOf(scenario, seen, spawn.service, spawn.attempt - 1)) {
      assert.ok(
        life.goneMs <= spawn.ms + ROUNDING_MS,
        `${spawn.service}#${spawn.attempt} was started at ${spawn.ms} while ${spec.name}#${life.attempt} was there`,
      );
    }
  }
}
