/**
 * What a `TaskManager` knows of one task. Types, and the error of a task that was cancelled.
 */

/** `pending`: it waits for a slot. The last four are final. */
export type TaskState = 'pending' | 'running' | 'completed' | 'failed' | 'cancelled' | 'timed-out';

/** One task as it is at this moment; times are in ms of the ambient clock. */
export interface TaskInfo {
  readonly id: string;
  readonly state: TaskState;
  /** When it was spawned. */
  readonly createdMs: number;
  /** When it got its slot; undefined: it has not run. */
  readonly startedMs: number | undefined;
  /** When it ended; set in every final state. */
  readonly endedMs: number | undefined;
  /** Why it failed, timed out or was cancelled; undefined otherwise. */
  readonly error: unknown;
}

/** How a task ended. */
export type TaskOutcome<T = unknown> =
  | { readonly state: 'completed'; readonly value: T }
  | { readonly state: 'failed' | 'cancelled' | 'timed-out'; readonly error: unknown };

/** What whoever spawned a task holds in hand. */
export interface TaskHandle<T> {
  readonly id: string;
  readonly state: TaskState;
  /**
   * Settles when the task has ended, its clean-up included: with its value, its error as it is, a `TimeoutError`, or a
   * `TaskCancelledError`. Nobody needs to look at it. A plain `await` of it is not interrupted: use `wait` for that.
   */
  readonly result: Promise<T>;
  /** Cancels it, whether it runs or waits for a slot; without effect once it has ended. */
  cancel(reason?: string): void;
}

/** What a task's function is given. */
export interface ManagedTask {
  /** The id that it was spawned with. */
  readonly id: string;
  /** Aborts when the task is cancelled or its time is over. */
  readonly signal: AbortSignal;
}

/** How many tasks are in each state: `total` is their sum at any moment. */
export interface TaskCounts {
  readonly total: number;
  readonly pending: number;
  readonly running: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly timedOut: number;
}

export const NO_TASKS: TaskCounts = {
  total: 0,
  pending: 0,
  running: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  timedOut: 0,
};

/**
 * What the `result` of a cancelled task rejects with. It is no `CancelledError`: who waits for the task is not itself
 * cancelled, and no scope must take this for its own.
 */
export class TaskCancelledError extends Error {
  override readonly name = 'TaskCancelledError';
  /** The id of the task. */
  readonly id: string;
  /** What was given to `cancel`. */
  readonly reason: unknown;

  constructor(id: string, reason: unknown) {
    super(`Task "${id}" was cancelled${typeof reason === 'string' ? `: ${reason}` : ''}`);
    this.id = id;
    this.reason = reason;
  }
}

export function isFinalState(state: TaskState): boolean {
  return state !== 'pending' && state !== 'running';
}
