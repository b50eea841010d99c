/**
 * A group of tasks that ends only when all of them have ended. It owns its tasks: nothing else may
 * start one, and none outlives it. A failing task cancels the others, and all failures leave
 * together. It does not order the end of its tasks among themselves.
 */
import type { Clock } from '../clock/clock.ts';
import { type Ambient, ambient, ambientClock, runWith } from '../scope/ambient.ts';
import { CancelNode } from '../scope/cancel-node.ts';
import { CancelScope } from '../scope/cancel-scope.ts';
import type { Thrown } from '../scope/run-inside.ts';
import { GroupOutcome } from './group-outcome.ts';
import { StartHandshake } from './start-handshake.ts';
import { Task, type TaskFunction } from './task.ts';
import type { TaskContext, TaskHandle } from './views.ts';

/** How a task or a group is made. */
export interface NameOption {
  /** For messages and reports of open work; the function's name by default. */
  readonly name?: string | undefined;
}

/** A group as its body and tasks see it. */
export interface TaskGroup {
  /** The scope that all tasks and the body are in. */
  readonly scope: CancelScope;
  /**
   * Starts a task and resolves with what it gives to `started`; the task runs on. Rejects with the task's own error if
   * it fails before, with an `Error` if it returns before, or if the group has ended. Until `started`, a cancellation
   * of the scopes around the call cancels the task too, and `start` rejects only after the task has ended.
   *
   * No compiler finds `V` in the body of a function: annotate its parameter, `(task: TaskContext<number>)`, or say
   * `start<number>(…)`.
   */
  start<V>(fn: (task: TaskContext<V>) => Promise<unknown>, options?: NameOption): Promise<V>;
  /**
   * Starts a task, whose first line runs later, and returns its handle; in a cancelled group it runs up to its first
   * wait. Its failure is the group's, whoever looks at the handle. Throws an `Error` if the group has ended.
   */
  startSoon<T>(fn: TaskFunction<unknown, T>, options?: NameOption): TaskHandle<Awaited<T>>;
  /** Cancels the group's scope: all tasks and the body. The group absorbs that: it is no failure. */
  cancel(reason?: string): void;
}

/**
 * Runs `body` with a new group and resolves with its value once the body and every task have ended; with undefined if
 * the group's cancellation interrupted the body.
 *
 * A task or a body that fails cancels all others; the failures leave together in an `AggregateError`, in the order in
 * which they were thrown, a single one too. When cancelled from outside, the group cancels and awaits its tasks before
 * the cancellation goes on.
 */
export function taskGroup<T>(
  body: (group: TaskGroup) => Promise<T> | T,
  options?: NameOption,
): Promise<T | undefined> {
  const surroundings = ambient();
  const group = new Group<T>(options?.name ?? 'group', surroundings?.scope, ambientClock());
  group.run(body);
  return group.promise;
}

class Group<T> implements TaskGroup {
  readonly promise: Promise<T | undefined>;
  readonly #node: CancelNode;
  readonly #clock: Clock;
  readonly #outcome = new GroupOutcome();
  #resolve!: (value: T | undefined) => void;
  #reject!: (error: unknown) => void;
  #scope: CancelScope | undefined;
  #value: T | undefined;
  /** Tasks that have not ended, and the body. */
  #open = 1;
  #waitedForTasks = false;

  constructor(name: string, parent: CancelNode | undefined, clock: Clock) {
    this.#clock = clock;
    this.#node = new CancelNode(name);
    this.#node.enter(parent, clock);
    this.promise = new Promise<T | undefined>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get scope(): CancelScope {
    this.#scope ??= new CancelScope({}, this.#node);
    return this.#scope;
  }

  run(body: (group: TaskGroup) => Promise<T> | T): void {
    let result: Promise<T> | T;
    try {
      result = runWith({ scope: this.#node, clock: this.#clock }, body, this);
    } catch (error) {
      this.#bodyEnded({ error });
      return;
    }
    Promise.resolve(result).then(
      (value) => {
        this.#value = value;
        this.#bodyEnded(undefined);
      },
      (error: unknown) => this.#bodyEnded({ error }),
    );
  }

  start<V>(fn: (task: TaskContext<V>) => Promise<unknown>, options?: NameOption): Promise<V> {
    if (this.#open === 0) return Promise.reject(this.#closedError());
    const node = this.#enterTask(fn, options);
    const handshake = new StartHandshake<V>(node.label, node, ambient()?.scope);
    this.#begin(node, fn, handshake);
    return handshake.promise;
  }

  startSoon<T>(fn: TaskFunction<unknown, T>, options?: NameOption): TaskHandle<Awaited<T>> {
    if (this.#open === 0) throw this.#closedError();
    return this.#begin<unknown, Awaited<T>>(this.#enterTask(fn, options), fn, undefined);
  }

  cancel(reason?: string): void {
    this.#node.cancel('call', reason);
  }

  #enterTask(fn: { readonly name: string }, options: NameOption | undefined): CancelNode {
    const node = new CancelNode(options?.name ?? (fn.name || 'task'), { isTask: true });
    node.enter(this.#node, this.#clock);
    return node;
  }

  #begin<V, R>(
    node: CancelNode,
    fn: TaskFunction<V>,
    handshake: StartHandshake<V> | undefined,
  ): TaskHandle<R> {
    this.#open++;
    const surroundings: Ambient = { scope: node, clock: ambient()?.clock ?? this.#clock };
    const task = new Task<V, R>(node, fn, this.#taskEnded, handshake);
    task.begin(surroundings);
    return task;
  }

  readonly #taskEnded = (thrown: Thrown | undefined): boolean => this.#ended(thrown);

  #bodyEnded(thrown: Thrown | undefined): void {
    this.#waitedForTasks = this.#open > 1;
    this.#ended(thrown);
  }

  /** Returns whether the group failed by it. */
  #ended(thrown: Thrown | undefined): boolean {
    const failed = thrown !== undefined && this.#outcome.add(thrown.error, this.#node.seen());
    if (failed) this.#node.cancel('failure', thrown.error);
    this.#open--;
    if (this.#open === 0) this.#finish();
    return failed;
  }

  #finish(): void {
    const cancellation = this.#node.seen();
    if (this.#waitedForTasks && cancellation !== undefined) this.#outcome.interrupt(cancellation);
    const absorbs = this.#node.leave();
    this.#node.caught = absorbs && this.#outcome.isInterrupted;
    const thrown = this.#outcome.thrown(this.#node.label, absorbs);
    if (thrown === undefined) this.#resolve(this.#value);
    else this.#reject(thrown.error);
  }

  #closedError(): Error {
    return new Error(`Cannot start a task in the group "${this.#node.label}": it has ended`);
  }
}
