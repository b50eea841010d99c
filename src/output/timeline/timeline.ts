/**
 * A recorded run as a picture needs it: for each service what it was from when to when, and what happened to it.
 *
 * Types only. Times are milliseconds on the scale of the record's `ms`.
 */
import type { ShutdownCause } from '../../events/event.ts';
import type { Dependency } from '../../events/fact-shape.ts';

/** `running`: the work of a task, which is its way to be ready. */
export type SegmentState =
  | 'waiting'
  | 'starting'
  | 'running'
  | 'ready'
  | 'unhealthy'
  | 'stopping'
  | 'cleaning'
  | 'backoff';

/** A stretch in one state, longer than nothing. */
export interface Segment {
  readonly state: SegmentState;
  readonly fromMs: number;
  readonly toMs: number;
  /** The instance's number; 0 before the first. */
  readonly attempt: number;
  /** What the record says about it, a clause; may be empty. */
  readonly detail: string;
}

export type MarkKind = 'ended' | 'killed' | 'unhealthy' | 'cleanup-failed';

/** Something that went wrong at one moment. */
export interface Mark {
  readonly kind: MarkKind;
  readonly ms: number;
  readonly attempt: number;
  readonly text: string;
}

export interface LaneEnd {
  readonly kind: 'completed' | 'failed' | 'skipped' | 'stopped';
  readonly ms: number;
  /** Of a failed or skipped one, a clause. */
  readonly why: string;
}

/** A moment in the life of a numbered instance. */
export interface InstanceMoment {
  readonly ms: number;
  readonly attempt: number;
}

/** One service. Its segments follow each other without gaps from the start of the run to its end. */
export interface Lane {
  readonly service: string;
  /** As far as the record tells, a task: nobody said that it was ready, and its end is what others wait for. */
  readonly isTask: boolean;
  readonly dependencies: readonly Dependency[];
  readonly segments: readonly Segment[];
  readonly marks: readonly Mark[];
  /** When each instance was spawned, or was to be. */
  readonly starts: readonly (InstanceMoment & { readonly spawned: boolean })[];
  readonly readies: readonly InstanceMoment[];
  /** When it was asked to stop. */
  readonly stops: readonly InstanceMoment[];
  /** How main processes ended, clauses. */
  readonly exits: readonly (InstanceMoment & { readonly text: string; readonly asked: boolean })[];
  /** Undefined: the record ends before it does. */
  readonly end: LaneEnd | undefined;
}

export interface Timeline {
  readonly name: string;
  /** When it began, ISO 8601. */
  readonly since: string;
  /** Of `run.started`. */
  readonly startMs: number;
  /** Of the last event. */
  readonly endMs: number;
  /** In the order of the record. */
  readonly lanes: readonly Lane[];
  readonly shutdown: { readonly ms: number; readonly cause: ShutdownCause } | undefined;
  readonly escalations: readonly { readonly ms: number; readonly level: number }[];
  /** Undefined: the run goes on, or was cut off. */
  readonly finished: { readonly status: number; readonly cause: string } | undefined;
}
