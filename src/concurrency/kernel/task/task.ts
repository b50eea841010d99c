/**
 * One child of a group: begun in a microtask of its own, inside a scope of its own, and reported
 * to its group when it has ended. A task that belongs to a pending `start` reports there instead.
 * It is its own handle, whose promises are made when somebody asks for them.
 */
import { CancelledError } from '../errors/own-errors.ts';
import { type Ambient, runWith } from '../scope/ambient.ts';
import type { CancelNode } from '../scope/cancel-node.ts';
import { CancelScope } from '../scope/cancel-scope.ts';
import { isInTask } from '../scope/current-task.ts';
import { leaveWith, type Thrown } from '../scope/run-inside.ts';
import { Event } from '../wait/event.ts';
import { refusal, satisfied, type WaitOptions } from '../wait/suspend.ts';
import type { StartHandshake } from './start-handshake.ts';
import {
  isFinalState,
  TaskCancelledError,
  type TaskContext,
  type TaskHandle,
  type TaskState,
  waitsForItself,
} from './views.ts';

/** A task function: its value is its handle's, its failure is the group's. */
export type TaskFunction<V, T = unknown> = (task: TaskContext<V>) => T;

/** Told once, when the task has ended; returns whether the group failed by it. */
type TaskEnd = (thrown: Thrown | undefined) => boolean;

/** Those who look at a task before it has ended. */
interface Lookers<T> {
  readonly result: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
  readonly ended: Event;
}

/** The kernel's side of a task, which is also its `TaskContext` and its `TaskHandle`. */
export class Task<V, T> implements TaskContext<V>, TaskHandle<T> {
  readonly #node: CancelNode;
  /**
   * Its function; when it has ended, its value or its error. So whoever keeps the handle keeps neither the function nor
   * the group, and a task has no field that most have no use for.
   */
  #fnOrAnswer: unknown;
  #onEnd: TaskEnd | undefined;
  #handshake: StartHandshake<V> | undefined;
  /** Remembered beyond the start, for the second `started()`. */
  readonly #start: StartHandshake<V> | undefined;
  #scope: CancelScope | undefined;
  #state: TaskState = 'pending';
  #lookers: Lookers<T> | undefined;

  /** `node` must have been entered, in the scope of the group. */
  constructor(node: CancelNode, fn: TaskFunction<V>, onEnd: TaskEnd, start: StartHandshake<V> | undefined) {
    this.#node = node;
    this.#fnOrAnswer = fn;
    this.#onEnd = onEnd;
    this.#start = start;
    this.#handshake = start;
  }

  get signal(): AbortSignal {
    return this.#node.signal;
  }

  get scope(): CancelScope {
    this.#scope ??= new CancelScope({}, this.#node);
    return this.#scope;
  }

  /** Bound, so that it can be taken out of the context. */
  get started(): TaskContext<V>['started'] {
    return (value?: V) => {
      if (this.#start?.started(value as V) === true) this.#handshake = undefined;
    };
  }

  get name(): string {
    return this.#node.label;
  }

  get state(): TaskState {
    return this.#state;
  }

  get result(): Promise<T> {
    return this.#look().result;
  }

  wait(options?: WaitOptions): Promise<void> {
    if (isInTask(this.#node)) return waitsForItself(this.name);
    if (isFinalState(this.#state)) return refusal(options) ?? satisfied;
    return this.#look().ended.wait(options);
  }

  cancel(reason?: string): void {
    this.#node.cancel('call', reason);
  }

  /** Begins soon, in `surroundings`, whose scope is the task's node. */
  begin(surroundings: Ambient): void {
    void settled.then(() => runWith(surroundings, Task.#run, this as Task<unknown, unknown>));
  }

  static #run(task: Task<unknown, unknown>): void {
    task.#state = 'running';
    let result: unknown;
    try {
      result = (task.#fnOrAnswer as TaskFunction<unknown>)(task);
    } catch (error) {
      task.#fail(error);
      return;
    }
    if (mayBeThenable(result)) Promise.resolve(result).then(task.#end, task.#fail);
    else task.#end(result);
  }

  readonly #end = (value: unknown): void => {
    this.#node.leave();
    this.#report(undefined, value);
  };

  readonly #fail = (error: unknown): void => {
    this.#report(leaveWith(this.#node, error), error);
  };

  /** Whoever began it with `start` holds no handle. */
  #report(thrown: Thrown | undefined, answer: unknown): void {
    const handshake = this.#handshake;
    this.#handshake = undefined;
    handshake?.ended(thrown);
    const failed = this.#onEnd!(handshake === undefined ? thrown : undefined);
    this.#onEnd = undefined;
    if (handshake === undefined) this.#settle(thrown, failed, answer);
  }

  /** A task that was cut short by its own scope throws nothing, and one that was cut by others fails nobody. */
  #settle(thrown: Thrown | undefined, failed: boolean, answer: unknown): void {
    if (failed) {
      this.#state = 'failed';
      this.#fnOrAnswer = thrown?.error;
    } else if (thrown !== undefined || this.#node.caught) {
      this.#state = 'cancelled';
      this.#fnOrAnswer = answer instanceof CancelledError ? answer.reason : undefined;
    } else {
      this.#state = 'completed';
      this.#fnOrAnswer = answer;
    }
    if (this.#lookers !== undefined) this.#tell(this.#lookers);
  }

  #look(): Lookers<T> {
    if (this.#lookers === undefined) {
      this.#lookers = lookers<T>();
      if (isFinalState(this.#state)) this.#tell(this.#lookers);
    }
    return this.#lookers;
  }

  #tell({ resolve, reject, ended }: Lookers<T>): void {
    const answer = this.#fnOrAnswer;
    if (this.#state === 'completed') resolve(answer as T);
    else if (this.#state === 'failed') reject(answer);
    else reject(new TaskCancelledError(this.name, answer));
    ended.set();
  }
}

const settled = Promise.resolve();

/** Not looking at it is allowed. */
function lookers<T>(): Lookers<T> {
  let [resolve, reject]: [(value: T) => void, (error: unknown) => void] = [ignore, ignore];
  const result = new Promise<T>((...both) => {
    [resolve, reject] = both;
  });
  result.catch(ignore);
  return { result, resolve, reject, ended: new Event() };
}

function ignore(): void {}

function mayBeThenable(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
