/**
 * Who held up whom: the dependency that came last before a service could start, the dependent that was gone last
 * before it was asked to stop. Pure.
 */
import type { Dependency } from '../../events/event.ts';
import type { Lane } from './timeline.ts';

export interface HeldUp {
  /** By which service, and until when. */
  readonly by: Lane;
  readonly ms: number;
}

export type Lanes = ReadonlyMap<string, Lane>;

export function lanesByName(lanes: readonly Lane[]): Lanes {
  return new Map(lanes.map((lane) => [lane.service, lane]));
}

/** What a service that starts at `atMs` waited for last; undefined: for nothing that the record tells. */
export function startHeldUp(lanes: Lanes, lane: Lane, atMs: number): HeldUp | undefined {
  let last: HeldUp | undefined;
  for (const edge of lane.dependencies) {
    const by = lanes.get(edge.service);
    const ms = by && heldSince(edge, by, atMs);
    if (by !== undefined && ms !== undefined && (last === undefined || ms > last.ms)) last = { by, ms };
  }
  return last;
}

/** Since when, as of `atMs`, the condition of an edge held, or its optional dependency wasn't coming any more. */
function heldSince({ condition, optional }: Dependency, by: Lane, atMs: number): number | undefined {
  const before = <Moment extends { readonly ms: number }>(moments: readonly Moment[]) =>
    moments.findLast(({ ms }) => ms <= atMs)?.ms;
  const done = by.end?.kind === 'completed' && by.end.ms <= atMs ? by.end.ms : undefined;
  const over = optional && by.end !== undefined && by.end.ms <= atMs ? by.end.ms : undefined;
  switch (condition) {
    case 'started':
      return before(by.starts.filter(({ spawned }) => spawned)) ?? done ?? over;
    case 'ready':
      return before(by.readies) ?? done ?? over;
    case 'completed':
      return done ?? firstOver(by, atMs) ?? over;
    default:
      return firstOver(by, atMs) ?? over;
  }
}

/** It has ended once: that can't be undone. */
function firstOver({ overs }: Lane, atMs: number): number | undefined {
  const first = overs[0];
  return first !== undefined && first.ms <= atMs ? first.ms : undefined;
}

/** Directly or through others. */
export function dependentsOf(lanes: Lanes, service: string): readonly Lane[] {
  const found = new Set<Lane>();
  const look = (name: string): void => {
    for (const lane of lanes.values()) {
      if (found.has(lane) || lane.service === service) continue;
      if (!lane.dependencies.some((edge) => edge.service === name)) continue;
      found.add(lane);
      look(lane.service);
    }
  };
  look(service);
  return [...found];
}

/** Of the dependents that were still there at `fromMs`, the last that was gone when this one was asked at `atMs`. */
export function stopHeldUp(lanes: Lanes, lane: Lane, fromMs: number, atMs: number): HeldUp | undefined {
  let last: HeldUp | undefined;
  for (const by of dependentsOf(lanes, lane.service)) {
    const ms = by.end?.ms;
    if (ms === undefined || ms < fromMs || ms > atMs) continue;
    if (last === undefined || ms > last.ms) last = { by, ms };
  }
  return last;
}
