/**
 * One child of a group: begun in a microtask of its own, inside a scope of its own, and reported
 * to its group when it has ended. A task that belongs to a pending `start` reports there instead.
 */
import { type Ambient, runWith } from './ambient.ts';
import type { CancelNode } from './cancel-node.ts';
import { CancelScope } from './cancel-scope.ts';
import { leaveWith, type Thrown } from './run-inside.ts';
import type { StartHandshake } from './start-handshake.ts';
import type { TaskContext } from './task-context.ts';

/** A task function: its value is dropped, its failure is the group's. */
export type TaskFunction<V> = (task: TaskContext<V>) => unknown;

/** Told once, when the task has ended. */
export type TaskEnd = (thrown: Thrown | undefined) => void;

const settled = Promise.resolve();

/** The kernel's side of a task, which is also its `TaskContext`. */
export class Task<V> implements TaskContext<V> {
  readonly #node: CancelNode;
  readonly #fn: TaskFunction<V>;
  readonly #onEnd: TaskEnd;
  #handshake: StartHandshake<V> | undefined;
  /** Remembered beyond the start, for the second `started()`. */
  readonly #start: StartHandshake<V> | undefined;
  #scope: CancelScope | undefined;

  /** `node` must have been entered, in the scope of the group. */
  constructor(node: CancelNode, fn: TaskFunction<V>, onEnd: TaskEnd, start: StartHandshake<V> | undefined) {
    this.#node = node;
    this.#fn = fn;
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

  /** Begins soon, in `surroundings`, whose scope is the task's node. */
  begin(surroundings: Ambient): void {
    void settled.then(() => runWith(surroundings, Task.#run, this as Task<unknown>));
  }

  static #run(task: Task<unknown>): void {
    let result: unknown;
    try {
      result = task.#fn(task);
    } catch (error) {
      task.#fail(error);
      return;
    }
    if (mayBeThenable(result)) Promise.resolve(result).then(task.#end, task.#fail);
    else task.#end();
  }

  readonly #end = (): void => {
    this.#node.leave();
    this.#report(undefined);
  };

  readonly #fail = (error: unknown): void => {
    this.#report(leaveWith(this.#node, error));
  };

  #report(thrown: Thrown | undefined): void {
    const handshake = this.#handshake;
    this.#handshake = undefined;
    handshake?.ended(thrown);
    this.#onEnd(handshake === undefined ? thrown : undefined);
  }
}

function mayBeThenable(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
