/**
 * The name of the task that is running, for whoever writes a log, a metric or a span deep inside of it and was not
 * handed a name. It is carried by the same `AsyncLocalStorage` as the scope, and costs nothing until it is asked for.
 */
import { ambient } from './ambient.ts';

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
