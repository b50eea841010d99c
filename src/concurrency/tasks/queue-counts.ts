/**
 * What a `TaskQueue` tells of its items. Types only.
 */

/** `accepted` is the sum of all others, at any moment. */
export interface TaskQueueCounts {
  readonly accepted: number;
  /** Not begun yet. */
  readonly queued: number;
  /** Being worked on. */
  readonly running: number;
  /** Worked on with success. */
  readonly done: number;
  /** Those whose work threw, timed-out ones included. */
  readonly failed: number;
  /** Given back unfinished: by `stop` at its limit, or because the queue was left. */
  readonly returned: number;
}

/** What a task queue is like at this moment: what has become of the items, how many wait, and for how long. */
export interface TaskQueueStatistics extends TaskQueueCounts {
  /** How many items it has room for. */
  readonly size: number;
  readonly workers: number;
  /** How many wait for room. */
  readonly putters: number;
  /** The most that were queued at any moment. */
  readonly peakQueued: number;
  /** For how long the first to come of those queued has waited, from its `put` on, in ms; 0: none is queued. */
  readonly oldestMs: number;
  /** Whether `pause` was called, and `resume` was not. */
  readonly isPaused: boolean;
  /** Whether it refuses new items. */
  readonly isClosed: boolean;
}
