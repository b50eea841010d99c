/** What a task function is given. */
import type { CancelScope } from '../scope/cancel-scope.ts';

/** One task as seen from inside. */
export interface TaskContext<V> {
  /** Aborts when the task is cancelled, alone or with its group; made when first asked for. */
  readonly signal: AbortSignal;
  /** The task's own scope, inside that of its group: cancelling it ends this task alone. */
  readonly scope: CancelScope;
  /**
   * Lets `start` resolve with `value`, which may be left out where `V` may be undefined. Throws the second time; without
   * effect after `startSoon`.
   */
  readonly started: undefined extends V ? (value?: V) => void : (value: V) => void;
}
