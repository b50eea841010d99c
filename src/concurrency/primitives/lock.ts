/**
 * Mutual exclusion with an owner. It is handed over in the order in which it was asked for: between a release and the
 * next in line nobody slips in. It does not know what it protects.
 */
import { callingTask, nameOfTask, type TaskIdentity } from '../kernel/scope/current-task.ts';
import { pendInLine, refusal, satisfied, type Wait, type WaitOptions } from '../kernel/wait/suspend.ts';
import { runHolding } from './run-holding.ts';

interface Waiter {
  readonly task: TaskIdentity | undefined;
  readonly wait: Wait<void>;
}

/** What a lock is like at this moment. */
export interface LockStatistics {
  readonly isLocked: boolean;
  /** The name of the task that has it; undefined: none, or code outside any task. */
  readonly owner: string | undefined;
  /** How many wait for it. */
  readonly waiting: number;
}

/**
 * A lock that one task at a time can have, handed over in the order in which it was asked for. The task that acquired
 * it releases it; code outside any task can't be told apart, and counts as one.
 */
export class Lock {
  readonly #line = new Set<Waiter>();
  #isLocked = false;
  #owner: TaskIdentity | undefined;

  /** Whether anybody has it. */
  get isLocked(): boolean {
    return this.#isLocked;
  }

  /**
   * Resolves when the caller's task has the lock. Rejects with an `Error` if it has it already, since it would wait for
   * itself for ever. When cancelled, it has left the line; once handed over it resolves, whatever is cancelled in that
   * turn.
   */
  acquire(options?: WaitOptions): Promise<void> {
    const refused = refusal(options);
    if (refused !== undefined) return refused;
    const task = callingTask();
    if (this.#isLocked && task !== undefined && task === this.#owner) {
      return Promise.reject(new Error(`Cannot acquire the lock again: ${nameOfTask(task)} has it already`));
    }
    if (this.tryAcquire()) return satisfied;
    return pendInLine('lock', this.#line, (wait: Wait<void>) => ({ task, wait }), options);
  }

  /** Takes the lock if it is free now; returns whether. */
  tryAcquire(): boolean {
    if (this.#isLocked) return false;
    this.#isLocked = true;
    this.#owner = callingTask();
    return true;
  }

  /** Gives the lock to the next in line. Throws an `Error` if the caller's task does not have it. */
  release(): void {
    this.assertOwned('release the lock');
    for (const next of this.#line) {
      this.#line.delete(next);
      this.#owner = next.task;
      next.wait.fulfil();
      return;
    }
    this.#isLocked = false;
    this.#owner = undefined;
  }

  /**
   * Runs `fn` with the lock, and releases it however that ends; resolves with its value. When cancelled before it has
   * the lock, `fn` is not called.
   */
  run<T>(fn: () => Promise<T> | T, options?: WaitOptions): Promise<T> {
    return runHolding(this, fn, options);
  }

  /**
   * Throws an `Error` unless the caller's task has the lock. `what` it wants to do is for the message: "release the
   * lock".
   */
  assertOwned(what: string): void {
    if (!this.#isLocked) throw new Error(`Cannot ${what}: nobody has acquired it`);
    const task = callingTask();
    if (task === this.#owner) return;
    throw new Error(`Cannot ${what}: ${nameOfTask(this.#owner)} has it, not ${nameOfTask(task)}`);
  }

  /** What the lock is like now. */
  statistics(): LockStatistics {
    return { isLocked: this.#isLocked, owner: this.#owner?.label, waiting: this.#line.size };
  }
}
