/**
 * What a critical path is: steps without gaps, one after the other, each in one service, that add up to the whole.
 */

import type { Dependency } from '../../../events/fact-shape.ts';
import type { Lane, Segment, SegmentState } from '../timeline.ts';

/** `launching`: what it waited for had come, and it was not spawned yet. `finishing`: no service was left. */
export type Phase = SegmentState | 'launching' | 'finishing';

export interface Step {
  /** Undefined: of orderly itself. */
  readonly service: string | undefined;
  readonly phase: Phase;
  readonly fromMs: number;
  readonly toMs: number;
  /** Of the whole path, from 0 to 1. */
  readonly share: number;
}

export interface CriticalPath {
  readonly kind: 'start-up' | 'shutdown';
  readonly fromMs: number;
  readonly toMs: number;
  /** `ready`, `stopped`: it came to that. `failed`: it came to nothing. `open`: the record, or a stop, came first. */
  readonly end: 'ready' | 'stopped' | 'failed' | 'open';
  /** To which service it leads; undefined: there was none left to wait for. */
  readonly service: string | undefined;
  readonly steps: readonly Step[];
}

export type RoughStep = Omit<Step, 'share'>;

/** With shares; what took no time is left out. */
export function asSteps(rough: readonly RoughStep[], fromMs: number, toMs: number): readonly Step[] {
  const wholeMs = toMs - fromMs;
  return rough
    .filter((step) => step.toMs > step.fromMs)
    .map((step) => ({ ...step, share: (step.toMs - step.fromMs) / wholeMs }));
}

/** What the service did from then to then. */
export function stepsWithin(lane: Lane, fromMs: number, toMs: number): readonly RoughStep[] {
  return segmentsWithin(lane, fromMs, toMs).map(({ state, fromMs: sinceMs, toMs: untilMs }) => ({
    service: lane.service,
    phase: state,
    fromMs: Math.max(sinceMs, fromMs),
    toMs: Math.min(untilMs, toMs),
  }));
}

function segmentsWithin({ segments }: Lane, fromMs: number, toMs: number): readonly Segment[] {
  return segments.filter((segment) => segment.toMs > fromMs && segment.fromMs < toMs);
}

/** The steps of one service that follow each other: it waited for the one before it. */
export interface Hop {
  readonly service: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly share: number;
  readonly steps: readonly Step[];
}

export function hopsOf({ steps }: CriticalPath): readonly Hop[] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const group = groups.at(-1);
    if (group?.[0]?.service === step.service && group !== undefined) group.push(step);
    else groups.push([step]);
  }
  return groups.map((group) => ({
    service: group[0]!.service,
    fromMs: group[0]!.fromMs,
    toMs: group.at(-1)!.toMs,
    share: group.reduce((sum, { share }) => sum + share, 0),
    steps: group,
  }));
}

// What held up what: the dependency that came last before a service could start, the dependent that was gone last
// before it was asked to stop. Pure.

export interface HeldUp {
  /** By which service, and until when. */
  readonly by: Lane;
  readonly ms: number;
}

/** The lanes as a graph. */
interface Lanes {
  readonly byName: ReadonlyMap<string, Lane>;
  /** What depends directly on a service. */
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
