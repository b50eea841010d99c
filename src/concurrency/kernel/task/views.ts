/**
 * A task as its users see it: its own function as a context, the code that started it as a handle. Looking is never
 * needed: a handle that nobody keeps is garbage with its task, and a result that nobody looks at is no unhandled
 * rejection.
 */
import type { CancelScope } from '../scope/cancel-scope.ts';
import type { WaitOptions } from '../wait/suspend.ts';

/**
 * `pending`: it has not begun, or waits for a slot. The last four are final; only a task with a time limit of its own
 * ends as `timed-out`.
 */
export type TaskState = 'pending' | 'running' | 'completed' | 'failed' | 'cancelled' | 'timed-out';

/** What whoever started a task holds in hand. */
export interface TaskHandle<T> {
  /** The name that it was started with, or its id. */
  readonly name: string;
  readonly state: TaskState;
  /**
   * Settles when the task has ended, its clean-up included: with its value, its error as it is, a `TimeoutError`, or a
   * `TaskCancelledError`. Nobody needs to look at it. A plain `await` of it is not interrupted: use `wait` for that.
   */
  readonly result: Promise<T>;
  /**
   * Resolves when the task has ended, however it did. When the caller is cancelled, the task goes on. Rejects with an
   * `Error` in the task itself, and in tasks inside of it: it would wait for them, and they for it.
   */
  wait(options?: WaitOptions): Promise<void>;
  /** Cancels it, and nothing else, whether it runs or has not begun; without effect once it has ended. */
  cancel(reason?: string): void;
}

/**
 * What the `result` of a cancelled task rejects with. It is no `CancelledError`: who waits for the task is not itself
 * cancelled, and no scope must take this for its own.
 */
export class TaskCancelledError extends Error {
  override readonly name = 'TaskCancelledError';
  /** The id of the task; that of a group's is its name. */
  readonly id: string;
  /** What was given to `cancel`, of the task or of a scope around it. */
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

/** What waiting for a task in itself rejects with. */
export function waitsForItself(name: string): Promise<never> {
  return Promise.reject(new Error(`Cannot wait for the task "${name}" in itself: it would never end`));
}

/** One task as seen from inside. */
export interface TaskContext<V> {
  /** Aborts when the task is cancelled, alone or with its group; made when first asked for. */
  readonly signal: AbortSignal;
  /** The task's own scope, inside that of its group: cancelling it ends this task alone. */
  readonly scope: CancelScope;
  /**
   * Lets `start` resolve with `value`, which may be left out where `V` may be undefined. Throws the second time;
   * without effect after `startSoon`.
   */
  readonly started: undefined extends V ? (value?: V) => void : (value: V) => void;
}
