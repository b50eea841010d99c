/**
 * The task that the calling code belongs to: its name for a log, a metric or a span that is written deep inside of it,
 * its identity for what one task can own. It is carried by the same `AsyncLocalStorage` as the scope, and costs
 * nothing until it is asked for.
 */
import { ambient } from './ambient.ts';
import { CancelNode } from './cancel-node.ts';

/** A task by name. */
export interface CurrentTask {
  /** The name that it was started with; by default that of its function. */
  readonly name: string;
  /** The names of the groups and scopes that lead to it, and its own, as in `openTasks`: `shop > worker`. */
  readonly trail: string;
}

/**
 * The innermost task that the caller is in, also after an `await`, in a shield, or in a timer that was set inside;
 * undefined outside of all, as in the body of an outermost group. A callback that outlives its task still finds the
 * task's name, and only that is left of the trail.
 */
export function currentTask(): CurrentTask | undefined {
  const task = ambient()?.scope?.task;
  return task === undefined ? undefined : { name: task.label, trail: task.trail };
}

/** Stands for a task; it can be compared, and has the name that the task was given. */
export interface TaskIdentity {
  readonly label: string;
}

/** Undefined outside any group's children: such code can't be told apart, and counts as one and the same. */
export function callingTask(): TaskIdentity | undefined {
  return ambient()?.scope?.task;
}

/** Whether the calling code is in `task`, in whatever tasks and scopes of it. */
export function isInTask(task: TaskIdentity | undefined): boolean {
  const scope = ambient()?.scope;
  return scope !== undefined && isTask(task) && (scope === task || scope.isInside(task));
}

export function isTask(value: unknown): value is CancelNode {
  return value instanceof CancelNode;
}

/** For sentences: `task "reader"`. */
export function nameOfTask(task: TaskIdentity | undefined): string {
  return task === undefined ? 'code outside any task' : `task "${task.label}"`;
}
