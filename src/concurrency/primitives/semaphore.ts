/**
 * A number of permits, handed on in the order in which they were asked for. Nobody owns a permit: it may be released
 * where it was not acquired.
 */
import {
  itself,
  pendInLine,
  refusal,
  satisfied,
  type Wait,
  type WaitOptions,
} from '../kernel/wait/suspend.ts';
import { runHolding } from './run-holding.ts';

/** How a semaphore is made. */
export interface SemaphoreOptions {
  /** The most that `value` may be; a release beyond is a bug, and throws. By default there is no such limit. */
  readonly max?: number | undefined;
}

/** What a semaphore is like at this moment. */
export interface SemaphoreStatistics {
  /** How many can be acquired without waiting. */
  readonly value: number;
  /** How many wait for a permit. */
  readonly waiting: number;
}

/**
 * A number of permits, handed on in the order in which they were asked for: at most `value` callers inside at once.
 * Nobody owns a permit: who releases one need not be who acquired it.
 */
export class Semaphore {
  /** The most that `value` may be. */
  readonly max: number;
  readonly #line = new Set<Wait<void>>();
  #value: number;

  /** Throws a `RangeError` unless `value` is a whole number >= 0, and no more than `max`. */
  constructor(value: number, { max = Number.POSITIVE_INFINITY }: SemaphoreOptions = {}) {
    if (!Number.isInteger(value) || value < 0) {
      throw new RangeError(`Cannot make a semaphore of ${value}: give a whole number >= 0`);
    }
    if (!(max >= value)) {
      throw new RangeError(`Cannot make a semaphore of ${value} with a max of ${max}: max is the larger one`);
    }
    this.#value = value;
    this.max = max;
  }

  /** How many can be acquired without waiting. */
  get value(): number {
    return this.#value;
  }

  /** Resolves when the caller has a permit. When cancelled, it has taken none. */
  acquire(options?: WaitOptions): Promise<void> {
    const refused = refusal(options);
    if (refused !== undefined) return refused;
    if (this.tryAcquire()) return satisfied;
    return pendInLine('semaphore', this.#line, itself, options);
  }

  /** Takes a permit if there is one now; returns whether. */
  tryAcquire(): boolean {
    if (this.#value === 0) return false;
    this.#value -= 1;
    return true;
  }

  /** Gives a permit back: to the next in line, if there is one. Throws an `Error` if there would be more than `max`. */
  release(): void {
    if (this.#value >= this.max) {
      throw new Error(`Cannot release the semaphore: its value is ${this.#value}, and max is ${this.max}`);
    }
    for (const next of this.#line) {
      this.#line.delete(next);
      next.fulfil();
      return;
    }
    this.#value += 1;
  }

  /**
   * Runs `fn` with a permit, and releases it however that ends; resolves with its value. When cancelled before it has
   * one, `fn` is not called.
   */
  run<T>(fn: () => Promise<T> | T, options?: WaitOptions): Promise<T> {
    return runHolding(this, fn, options);
  }

  /** What the semaphore is like now. */
  statistics(): SemaphoreStatistics {
    return { value: this.#value, waiting: this.#line.size };
  }
}
