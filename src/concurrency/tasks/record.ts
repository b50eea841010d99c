/**
 * What a `TaskManager` knows of its tasks: each as it is, and how many are in each state. It owns none of them.
 */
import type { TaskHandle, TaskState } from '../kernel/task/views.ts';

/** One task as it is at this moment; times are in ms of the ambient clock. */
export interface TaskInfo {
  readonly id: string;
  readonly state: TaskState;
  /** How soon it is to have a slot: lower numbers first. */
  readonly priority: number;
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
export interface ManagedTaskHandle<T> extends TaskHandle<T> {
  /** The id that it was spawned with. */
  readonly id: string;
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

const COUNTER = {
  pending: 'pending',
  running: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  'timed-out': 'timedOut',
} as const;

/** The counts with one task more. */
export function withSpawned(counts: TaskCounts): TaskCounts {
  return { ...counts, total: counts.total + 1, pending: counts.pending + 1 };
}

/** The counts when one task has gone from one state to another. */
export function withMoved(counts: TaskCounts, from: TaskState, to: TaskState): TaskCounts {
  const [source, target] = [COUNTER[from], COUNTER[to]];
  const less = { ...counts, [source]: counts[source] - 1 };
  return { ...less, [target]: less[target] + 1 };
}
