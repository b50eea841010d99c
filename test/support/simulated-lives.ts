/**
 * What a simulation saw, sorted for those who hold it against laws: events by type, instances with their ends.
 */
import assert from 'node:assert/strict';
import type { ServiceConfig } from '../../src/config/types.ts';
import type { OrderlyEvent } from '../../src/events/event.ts';
import type { Happening } from './simulated-launcher.ts';
import type { Scenario, Simulated } from './simulation.ts';

/** Events carry microseconds. */
export const ROUNDING_MS = 0.001;

type EventOf<Type extends OrderlyEvent['type']> = Extract<OrderlyEvent, { type: Type }>;

export function eventsOf<Type extends OrderlyEvent['type']>(seen: Simulated, type: Type): EventOf<Type>[] {
  return seen.events.filter((event): event is EventOf<Type> => event.type === type);
}

export interface Life {
  readonly attempt: number;
  /** Of the first of its processes. */
  readonly spawnMs: number;
  /** The end of its tree and of its clean-ups. */
  readonly goneMs: number;
}

export function lives(seen: Simulated, service: string): readonly Life[] {
  const known = knownLives.get(seen) ?? new Map<string, readonly Life[]>();
  knownLives.set(seen, known);
  const found = known.get(service) ?? findLives(seen, service);
  known.set(service, found);
  return found;
}

/** Of long chains they are asked for again and again. */
const knownLives = new WeakMap<Simulated, Map<string, readonly Life[]>>();

function findLives(seen: Simulated, service: string): readonly Life[] {
  const own = seen.log.filter((entry) => entry.service === service);
  const lastMs = (attempt: number, ...what: readonly Happening[]) =>
    own.findLast((entry) => entry.attempt === attempt && what.includes(entry.what))?.ms;
  const begun = own.filter(
    ({ what, attempt }, at) =>
      BEGINNINGS.has(what) &&
      !own.slice(0, at).some((one) => one.attempt === attempt && BEGINNINGS.has(one.what)),
  );
  return begun.map(({ attempt, ms }) => {
    const cleaned = seen.commands
      .filter((command) => isCleanupOf(command.command.env, service, attempt))
      .map((command) => command.endedMs ?? Infinity);
    const goneMs = lastMs(attempt, 'gone', 'ahead-gone') ?? Infinity;
    return { attempt, spawnMs: ms, goneMs: Math.max(goneMs, ...cleaned) };
  });
}

/** What a first one of an attempt begins it with. */
export const BEGINNINGS: ReadonlySet<Happening> = new Set(['ahead', 'spawn']);

export function isCleanupOf(
  env: Readonly<Record<string, string>>,
  service: string,
  attempt: number,
): boolean {
  return env.ORDERLY_SERVICE === service && env.ORDERLY_ATTEMPT === String(attempt);
}

export function specOf({ services }: Scenario, name: string): ServiceConfig {
  const specs = knownSpecs.get(services) ?? new Map(services.map((spec) => [spec.name, spec]));
  knownSpecs.set(services, specs);
  const spec = specs.get(name);
  assert.ok(spec, name);
  return spec;
}

const knownSpecs = new WeakMap<readonly ServiceConfig[], ReadonlyMap<string, ServiceConfig>>();
