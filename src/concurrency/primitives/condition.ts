/**
 * A lock together with a line of tasks that wait for a change of what it protects. A task that was notified goes on
 * once it has the lock again. A notification is never lost on one that was cancelled.
 */
import { shield } from '../kernel/scope/out-of-reach.ts';
import { isThenable } from '../kernel/wait/foreign.ts';
import { itself, pendInLine, refusal, type Wait, type WaitOptions } from '../kernel/wait/suspend.ts';
import { Lock, type LockStatistics } from './lock.ts';

/** What a condition is like at this moment. */
export interface ConditionStatistics {
  /** That of the lock. */
  readonly lock: LockStatistics;
  /** How many wait for a notification. */
  readonly waiting: number;
}

/** What a predicate gives while it does not hold. */
type Falsy = false | 0 | 0n | '' | null | undefined;

/**
 * A lock, and a line of those who wait for something that it protects to change. Whoever changes that has the lock and
 * notifies; a notification is never lost on somebody who was cancelled.
 */
export class Condition {
  /** What protects it: a new lock, unless one was given. */
  readonly lock: Lock;
  readonly #line = new Set<Wait<void>>();

  constructor(lock = new Lock()) {
    this.lock = lock;
  }

  /**
   * Runs `fn` with the lock, and releases it however that ends; resolves with its value. When cancelled before it has
   * the lock, `fn` is not called.
   */
  run<T>(fn: () => Promise<T> | T, options?: WaitOptions): Promise<T> {
    return this.lock.run(fn, options);
  }

  /**
   * Gives the lock back, waits to be notified, and has the lock again when it resolves. Look again at what was waited
   * for: it may have changed since the notification. When cancelled, it waits for the lock, shielded, and then rejects;
   * had it been notified, the next in line is instead. Rejects with an `Error` if the caller's task does not have the
   * lock.
   */
  async wait(options?: WaitOptions): Promise<void> {
    this.lock.assertOwned('wait for the condition');
    // In a cancelled scope it never waits, and has the lock still.
    const refused = refusal(options);
    if (refused !== undefined) return refused;
    const notified = pendInLine<void, Wait<void>>('condition', this.#line, itself, options);
    this.lock.release();
    try {
      await notified;
    } catch (error) {
      await shield(() => this.lock.acquire());
      throw error;
    }
    try {
      await this.lock.acquire(options);
    } catch (error) {
      this.#notify(1);
      await shield(() => this.lock.acquire());
      throw error;
    }
  }

  /**
   * Resolves with the first value of `predicate` that is truthy: asked at once, and after each notification, always
   * with the lock, which the caller has again when it ends, however it does. All that is said of `wait` holds. A
   * notification that finds the predicate false is used up: notify all where several wait for different things. Rejects
   * with what the predicate throws, and with a `TypeError` if it gives a promise, which is always truthy.
   */
  async waitFor<T>(predicate: () => T | Falsy, options?: WaitOptions): Promise<T> {
    this.lock.assertOwned('wait for the condition');
    const refused = refusal(options);
    if (refused !== undefined) return refused;
    for (;;) {
      const value = predicate();
      if (isThenable(value)) {
        Promise.resolve(value).catch(() => undefined);
        throw new TypeError(
          'Cannot wait for the condition: its predicate gave a promise; give a function without await',
        );
      }
      if (value) return value as T;
      await this.wait(options);
    }
  }

  /**
   * Wakes the first `count` of those who wait, who go on one by one once the lock is free. Throws an `Error` if the
   * caller's task does not have the lock.
   */
  notify(count = 1): void {
    this.lock.assertOwned('notify the condition');
    this.#notify(count);
  }

  /** Wakes all who wait, as `notify` does. */
  notifyAll(): void {
    this.notify(Number.POSITIVE_INFINITY);
  }

  /** What the condition is like now. */
  statistics(): ConditionStatistics {
    return { lock: this.lock.statistics(), waiting: this.#line.size };
  }

  #notify(count: number): void {
    let left = count;
    for (const wait of this.#line) {
      if (left < 1) return;
      left -= 1;
      this.#line.delete(wait);
      wait.fulfil();
    }
  }
}
