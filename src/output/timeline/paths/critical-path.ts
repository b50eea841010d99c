/**
 * What a critical path is: steps without gaps, one after the other, each in one service, that add up to the whole.
 */
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
