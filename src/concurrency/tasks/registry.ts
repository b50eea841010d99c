/**
 * Ending tasks of a `TaskManager` by id, and waiting for some of them. It owns none of them.
 */
import { TimeoutError } from '../kernel/errors/own-errors.ts';
import { CancelScope } from '../kernel/scope/cancel-scope.ts';
import { taskGroup } from '../kernel/task/group.ts';
import { isFinalState } from '../kernel/task/views.ts';
import { Event } from '../kernel/wait/event.ts';
import type { TaskManager } from './manager.ts';
import type { TaskInfo, TaskOutcome } from './record.ts';

/** How one task is cancelled. */
export interface CancelTaskOptions {
  /** For the task's `CancelledError`, and whoever waits for it. */
  readonly reason?: string | undefined;
  /** How long to wait for its end, in ms; no limit by default. */
  readonly withinMs?: number | undefined;
}

/** The first to end of several tasks. */
export interface FirstEnd {
  readonly id: string;
  readonly outcome: TaskOutcome;
}

/** Ends tasks of a `TaskManager` by id, and waits for some of them. It owns none of them. */
export class TaskRegistry {
  readonly #manager: TaskManager;

  /** For the tasks of `manager`. */
  constructor(manager: TaskManager) {
    this.#manager = manager;
  }

  /**
   * Cancels a task and resolves when it has ended, its clean-up included: true if that ended it, false if it was
   * unknown, had ended already, or came to its own end with a value. What it throws goes to its handle. Rejects with a
   * `TimeoutError` when it has not ended after `withinMs` ms; it stays known until it has, as it does when the caller
   * is cancelled.
   */
  async cancel(
    id: string,
    { reason, withinMs = Number.POSITIVE_INFINITY }: CancelTaskOptions = {},
  ): Promise<boolean> {
    if (!this.#manager.cancel(id, reason)) return false;
    const limit = new CancelScope({ timeoutMs: withinMs, name: `cancel ${id}` });
    const outcome = await limit.run(() => this.#manager.outcome(id));
    if (outcome === undefined)
      throw new TimeoutError(`Task "${id}" has not ended ${withinMs} ms after it was cancelled`);
    return outcome.state !== 'completed';
  }

  /**
   * Cancels all open tasks for which `matches` is true, then waits until all of them have ended; resolves with their
   * ids.
   */
  async cancelWhere(matches: (task: TaskInfo) => boolean, reason?: string): Promise<readonly string[]> {
    const ids = this.#manager
      .list()
      .filter((task) => !isFinalState(task.state) && matches(task))
      .map(({ id }) => id);
    const ends = ids.map((id) => {
      const end = () => this.#manager.outcome(id);
      this.#manager.cancel(id, reason);
      return end;
    });
    await taskGroup((group) => {
      for (const end of ends) group.startSoon(end);
    });
    return ids;
  }

  /**
   * Resolves with the first of these tasks to end, and how it did; of those that have ended already, the first in the
   * list. Nothing is cancelled, also when the caller is, unless `cancelOthers`: then the others are when the first has
   * ended, and awaited. Rejects with a `RangeError` for no ids, and with an `Error` for an unknown one.
   */
  async waitAny(ids: readonly string[], { cancelOthers = false } = {}): Promise<FirstEnd> {
    if (ids.length === 0) throw new RangeError('Cannot wait for none of no tasks: give at least one id');
    const unknown = ids.find((id) => this.#manager.get(id) === undefined);
    if (unknown !== undefined) throw new Error(`There is no task "${unknown}"`);
    const ended = new Map<string, TaskOutcome>();
    await taskGroup(async (group) => {
      const one = new Event();
      for (const id of ids) {
        group.startSoon(async () => {
          ended.set(id, await this.#manager.outcome(id));
          one.set();
        });
      }
      await one.wait();
      group.cancel('one has ended');
    });
    const id = ids.find((each) => ended.has(each)) as string;
    if (cancelOthers) {
      const others = new Set(ids.filter((each) => each !== id));
      await this.cancelWhere((task) => others.has(task.id), `"${id}" ended first`);
    }
    return { id, outcome: ended.get(id) as TaskOutcome };
  }
}
