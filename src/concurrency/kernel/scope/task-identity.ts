/**
 * Who is asking: the task that the calling code belongs to, for what can be owned by one.
 */
import { ambient } from './ambient.ts';
import { CancelNode } from './cancel-node.ts';

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
