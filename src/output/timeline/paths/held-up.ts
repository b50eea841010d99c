/**
 * Who held up whom: the dependency that came last before a service could start, the dependent that was gone last
 * before it was asked to stop. Pure.
 */
import type { Dependency } from '../../../events/fact-shape.ts';
import type { Lane } from '../timeline.ts';

export interface HeldUp {
  /** By which service, and until when. */
  readonly by: Lane;
  readonly ms: number;
}

/** The lanes as a graph. */
export interface Lanes {
  readonly byName: ReadonlyMap<string, Lane>;
  /** Who depends directly on a service. */
  readonly dependents: ReadonlyMap<string, readonly Lane[]>;
}

export function asGraph(lanes: readonly Lane[]): Lanes {
  const dependents = new Map<string, Lane[]>(lanes.map(({ service }) => [service, []]));
  for (const lane of lanes) for (const edge of lane.dependencies) dependents.get(edge.service)?.push(lane);
  return { byName: new Map(lanes.map((lane) => [lane.service, lane])), dependents };
}

/** What a service that starts at `atMs` waited for last; undefined: for nothing that the record tells. */
export function startHeldUp(lanes: Lanes, lane: Lane, atMs: number): HeldUp | undefined {
  let last: HeldUp | undefined;
  for (const edge of lane.dependencies) {
    const by = lanes.byName.get(edge.service);
    const ms = by && heldSince(edge, by, atMs);
    if (by !== undefined && ms !== undefined && (last === undefined || ms > last.ms)) last = { by, ms };
  }
  return last;
}

/** Since when, as of `atMs`, the condition of an edge held, or its optional dependency wasn't coming any more. */
function heldSince({ condition, optional }: Dependency, by: Lane, atMs: number): number | undefined {
  const before = <Moment extends { readonly ms: number }>(moments: readonly Moment[]) =>
    moments.findLast(({ ms }) => ms <= atMs)?.ms;
  const ended = by.end !== undefined && by.end.ms <= atMs ? by.end.ms : undefined;
  const done = by.end?.kind === 'completed' ? ended : undefined;
  const over = optional ? ended : undefined;
  switch (condition) {
    case 'started':
      return before(by.starts.filter(({ spawned }) => spawned)) ?? done ?? over;
    case 'ready':
      return before(by.readies) ?? done ?? over;
    default:
      return ended;
  }
}

/** Directly or through others. */
function dependentsOf(lanes: Lanes, lane: Lane): ReadonlySet<Lane> {
  const found = new Set<Lane>();
  const left = [lane];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const dependent of lanes.dependents.get(next.service) ?? []) {
      if (dependent === lane || found.has(dependent)) continue;
      found.add(dependent);
      left.push(dependent);
    }
  }
  return found;
}

/** Of the dependents that were still there at `fromMs`, the last that was gone when this one was asked at `atMs`. */
export function stopHeldUp(lanes: Lanes, lane: Lane, fromMs: number, atMs: number): HeldUp | undefined {
  let last: HeldUp | undefined;
  for (const by of dependentsOf(lanes, lane)) {
    const ms = by.end?.ms;
    if (ms === undefined || ms < fromMs || ms > atMs) continue;
    if (last === undefined || ms > last.ms) last = { by, ms };
  }
  return last;
}
