/**
 * Many independent tasks with ids: each ends for itself, the failure of one is not that of the others. They live in a
 * scope: leaving it cancels and awaits all of them. Slots go by priority, and then by the order of spawning.
 */
import { checkCount, checkPriority, checkTime } from '../kernel/checks.ts';
import { CancelScope } from '../kernel/scope/cancel-scope.ts';
import { type TaskGroup, taskGroup } from '../kernel/task/group.ts';
import { Event } from '../kernel/wait/event.ts';
import { ManagedTaskEntry } from './managed-task.ts';
import {
  type ManagedTask,
  type ManagedTaskHandle,
  NO_TASKS,
  type TaskCounts,
  type TaskInfo,
  type TaskOutcome,
  withMoved,
  withSpawned,
} from './record.ts';
import { Slots } from './slots.ts';

/** What holds for all tasks of a manager. */
export interface TaskManagerOptions {
  /** How many run at once; no bound by default. */
  readonly maxConcurrency?: number | undefined;
  /** The time limit of tasks that are given none of their own, in ms from the moment they run; none by default. */
  readonly timeoutMs?: number | undefined;
  /** How many ended tasks are remembered; older ones are forgotten. 1,000 by default. */
  readonly keep?: number | undefined;
}

/** What holds for one task. */
export interface SpawnOptions {
  /** Must not be known; by default the next free one of `task-1`, `task-2`, … */
  readonly id?: string | undefined;
  /** Its time limit in ms from the moment it runs; 0 is a limit of 0. That of the manager by default. */
  readonly timeoutMs?: number | undefined;
  /** Of those that wait for a slot, lower numbers come first, and equal ones in the order of spawning; 0 by default. */
  readonly priority?: number | undefined;
}

/**
 * Many independent tasks with ids: each ends for itself, and the failure of one is not that of the others. They live in
 * the scope of `run`: none outlives it. Those beyond `maxConcurrency` wait for a slot: the one with the lowest priority
 * number is next, and of equal ones the one that was spawned first.
 */
export class TaskManager {
  readonly #group: TaskGroup;
  readonly #slots: Slots;
  readonly #timeoutMs: number | undefined;
  readonly #keep: number;
  readonly #tasks = new Map<string, ManagedTaskEntry<unknown>>();
  /** Those that have not ended. */
  readonly #open = new Set<ManagedTaskEntry<unknown>>();
  /** Those that have ended and are known still, oldest first. */
  readonly #ended = new Set<ManagedTaskEntry<unknown>>();
  #counts: TaskCounts = NO_TASKS;
  #nextId = 1;
  #isClosed = false;
  /** Set, and replaced, when no task is open any more. */
  #allEnded = new Event();

  private constructor(group: TaskGroup, { maxConcurrency, timeoutMs, keep = 1000 }: TaskManagerOptions) {
    this.#group = group;
    this.#timeoutMs = timeoutMs;
    this.#keep = keep;
    this.#slots = new Slots(maxConcurrency ?? Number.POSITIVE_INFINITY);
  }

  /**
   * Runs `body` with a new manager and resolves with its value, or rejects with its error in an `AggregateError`. When
   * the body has ended, tasks that have not are cancelled and awaited: `close()` at its end lets them finish. A
   * cancellation from outside cancels and awaits them too. Rejects with a `RangeError` unless `maxConcurrency` is a
   * whole number >= 1 or `Infinity`.
   */
  static async run<T>(
    options: TaskManagerOptions,
    body: (manager: TaskManager) => Promise<T> | T,
  ): Promise<T> {
    const { maxConcurrency = Number.POSITIVE_INFINITY } = options;
    checkCount(maxConcurrency, 1, `run ${maxConcurrency} tasks at once`);
    // Nobody but a failure cancels that group.
    return taskGroup(
      async (group) => {
        const manager = new TaskManager(group, options);
        try {
          return await body(manager);
        } finally {
          manager.#isClosed = true;
          manager.#cancelOpen('its manager has ended');
        }
      },
      { name: 'TaskManager' },
    ) as Promise<T>;
  }

  /**
   * Starts a task, as soon as there is a slot for it. Throws an `Error` if its id is known or the manager is closed,
   * and a `RangeError` if its limit or its priority is NaN; then `fn` is never called. The task has the caller's async
   * contexts, and not its scope.
   */
  spawn<T>(fn: (task: ManagedTask) => Promise<T> | T, options: SpawnOptions = {}): ManagedTaskHandle<T> {
    if (this.#isClosed) throw new Error('Cannot spawn a task: the manager is closed');
    const { timeoutMs = this.#timeoutMs, priority = 0 } = options;
    if (timeoutMs !== undefined) checkTime(timeoutMs, 'the timeout of a task');
    checkPriority(priority, 'spawn a task');
    const id = options.id ?? this.#freeId();
    if (this.#tasks.has(id))
      throw new Error(`Cannot spawn a task "${id}": there is one with this id already`);
    const terms = { timeoutMs, priority, turn: this.#slots.enter(priority) };
    const task: ManagedTaskEntry<T> = new ManagedTaskEntry<T>(id, fn, terms, (from) => {
      this.#counts = withMoved(this.#counts, from, task.state);
      if (task.isFinal) this.#ends(task);
    });
    this.#tasks.set(id, task);
    this.#open.add(task);
    this.#counts = withSpawned(this.#counts);
    this.#group.startSoon(() => task.run(), { name: id });
    return task;
  }

  /** Begins no further task until `resume`: those that are spawned wait, those that run go on. Again without effect. */
  pause(): void {
    this.#slots.pause();
  }

  /** Begins tasks again, the most urgent first. Without effect if it was not paused. */
  resume(): void {
    this.#slots.resume();
  }

  /** Whether `pause` was called, and `resume` was not. */
  get isPaused(): boolean {
    return this.#slots.isPaused;
  }

  /** The task as it is now; undefined: it is unknown, or forgotten. */
  get(id: string): TaskInfo | undefined {
    return this.#tasks.get(id)?.info;
  }

  /** All that are known, in the order of spawning. */
  list(): readonly TaskInfo[] {
    return [...this.#tasks.values()].map((task) => task.info);
  }

  /** How many are in each state, of all tasks ever spawned, forgotten ones included. */
  get counts(): TaskCounts {
    return this.#counts;
  }

  /** Whether it refuses new tasks. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Asks one to end, without waiting; false: it is unknown, or has ended. */
  cancel(id: string, reason?: string): boolean {
    const task = this.#tasks.get(id);
    if (task === undefined || task.isFinal) return false;
    task.cancel(reason);
    return true;
  }

  /**
   * Waits until the task has ended, and resolves with how. Rejects with an `Error` if it is unknown. When its caller is
   * cancelled, the task goes on.
   */
  async outcome(id: string): Promise<TaskOutcome> {
    const task = this.#tasks.get(id);
    if (task === undefined) throw new Error(`There is no task "${id}"`);
    await task.ended.wait();
    return task.outcome as TaskOutcome;
  }

  /**
   * Cancels every task, those that wait for a slot too, which never run. Resolves when all have ended, with an empty
   * list; or after `withinMs` ms, without a limit by default, with the ids of those that have not, which end later.
   */
  async cancelAll(withinMs = Number.POSITIVE_INFINITY): Promise<readonly string[]> {
    this.#cancelOpen('all tasks were cancelled');
    await new CancelScope({ timeoutMs: withinMs, name: 'cancelAll' }).run(() => this.#untilAllEnded());
    return [...this.#open].map(({ id }) => id);
  }

  /**
   * Refuses new tasks and resolves when all have ended; so does every further call. When cancelled, they go on. A
   * paused manager has to be resumed for that.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#untilAllEnded();
  }

  /** Forgets a task that has ended: its id is free, and the counts stay. False: it is unknown, or has not ended. */
  forget(id: string): boolean {
    const task = this.#tasks.get(id);
    if (task === undefined || !this.#ended.delete(task)) return false;
    return this.#tasks.delete(id);
  }

  #ends(task: ManagedTaskEntry<unknown>): void {
    this.#open.delete(task);
    this.#ended.add(task);
    for (const oldest of this.#ended) {
      if (this.#ended.size <= this.#keep) break;
      this.forget(oldest.id);
    }
    if (this.#open.size > 0) return;
    const allEnded = this.#allEnded;
    this.#allEnded = new Event();
    allEnded.set();
  }

  async #untilAllEnded(): Promise<void> {
    while (this.#open.size > 0) await this.#allEnded.wait();
  }

  #cancelOpen(reason: string): void {
    for (const task of this.#open) task.cancel(reason);
  }

  #freeId(): string {
    while (this.#tasks.has(`task-${this.#nextId}`)) this.#nextId += 1;
    return `task-${this.#nextId++}`;
  }
}
