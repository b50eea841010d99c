/**
 * Tokens that are borrowed, each by a borrower of its own: a pool of workers, of connections. A borrower is a task,
 * whatever is named, or one call of `run`; each has at most one. The total can be changed while tokens are out, and
 * lending paused: nothing is revoked.
 */
import { checkCount } from '../kernel/checks.ts';
import { callingTask, isTask, nameOfTask } from '../kernel/scope/current-task.ts';
import { pendInLine, refusal, satisfied, type Wait, type WaitOptions } from '../kernel/wait/suspend.ts';
import { runHolding } from './run-holding.ts';

interface Waiter {
  readonly borrower: unknown;
  readonly wait: Wait<void>;
}

/** What a limiter is like at this moment. */
export interface LimiterStatistics {
  readonly total: number;
  /** How many tokens are out. */
  readonly borrowed: number;
  /** Total less borrowed; negative after the total was lowered. */
  readonly available: number;
  /** How many wait for a token. */
  readonly waiting: number;
}

/**
 * At most `total` borrowers at once, first come, first served. `run` borrows for that very call, so that `Promise.all`
 * over calls of it is a pool. `acquire` borrows for the caller's task, or for whoever is named, each of whom has at
 * most one token; code outside any task can't be told apart, and may have several.
 */
export class CapacityLimiter {
  /** How many tokens each has: one, but for code outside any task, which can't be told apart. */
  readonly #borrowers = new Map<unknown, number>();
  readonly #line = new Set<Waiter>();
  #borrowed = 0;
  #total: number;
  #isPaused = false;

  /** Throws a `RangeError` unless `total` is a whole number >= 0 or `Infinity`. */
  constructor(total: number) {
    this.#total = checkTotal(total);
  }

  /**
   * How many tokens there are; it can be set. A larger total wakes who waits; a smaller one revokes nothing, and lets
   * nobody in until enough have come back; at 0 nobody gets in until it is raised. Throws a `RangeError` unless it is a
   * whole number >= 0 or `Infinity`.
   */
  get total(): number {
    return this.#total;
  }

  set total(total: number) {
    this.#total = checkTotal(total);
    this.#serve();
  }

  /** Lends nothing until `resume`, whatever the total is meanwhile; what is out may stay out. Again without effect. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Lends again, first to those who have waited, in their order. Without effect if it was not paused. */
  resume(): void {
    this.#isPaused = false;
    this.#serve();
  }

  /** Whether `pause` was called, and `resume` was not. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** How many tokens are out. */
  get borrowed(): number {
    return this.#borrowed;
  }

  /** Total less borrowed; negative after the total was lowered. */
  get available(): number {
    return this.#total - this.#borrowed;
  }

  /**
   * Resolves when the caller's task has a token. Rejects with an `Error` if it has one already. When cancelled, it has
   * taken none.
   */
  acquire(options?: WaitOptions): Promise<void> {
    return this.acquireOnBehalfOf(callingTask(), options);
  }

  /** The same for `borrower`, any object or name, whichever task calls. */
  acquireOnBehalfOf(borrower: unknown, options?: WaitOptions): Promise<void> {
    const refused = refusal(options);
    if (refused !== undefined) return refused;
    if (this.#has(borrower)) return Promise.reject(alreadyHas(borrower));
    if (this.tryAcquireOnBehalfOf(borrower)) return satisfied;
    return pendInLine('capacity limiter', this.#line, (wait: Wait<void>) => ({ borrower, wait }), options);
  }

  /** Takes a token if there is one now; returns whether. Throws an `Error` if the caller's task has one already. */
  tryAcquire(): boolean {
    return this.tryAcquireOnBehalfOf(callingTask());
  }

  /** The same for `borrower`, whichever task calls. */
  tryAcquireOnBehalfOf(borrower: unknown): boolean {
    if (this.#has(borrower)) throw alreadyHas(borrower);
    if (!this.#canLend) return false;
    this.#lend(borrower);
    return true;
  }

  /** Gives the token of the caller's task back. Throws an `Error` if it has none. */
  release(): void {
    this.releaseOnBehalfOf(callingTask());
  }

  /** The same for `borrower`, whichever task calls. */
  releaseOnBehalfOf(borrower: unknown): void {
    const count = this.#borrowers.get(borrower);
    if (count === undefined) throw new Error(`Cannot release a token: ${nameOf(borrower)} has none`);
    if (count === 1) this.#borrowers.delete(borrower);
    else this.#borrowers.set(borrower, count - 1);
    this.#borrowed -= 1;
    this.#serve();
  }

  /**
   * Runs `fn` with a token of its own, whoever calls, and gives it back however that ends; resolves with its value.
   * When cancelled before it has one, `fn` is not called. A `run` inside of another takes a second token, and if there
   * is none left they wait for each other.
   */
  run<T>(fn: () => Promise<T> | T, options?: WaitOptions): Promise<T> {
    const call = {
      acquire: () => this.acquireOnBehalfOf(call, options),
      release: () => this.releaseOnBehalfOf(call),
    };
    return runHolding(call, fn, options);
  }

  /** What the limiter is like now. */
  statistics(): LimiterStatistics {
    const { total, borrowed, available } = this;
    return { total, borrowed, available, waiting: this.#line.size };
  }

  get #canLend(): boolean {
    return !this.#isPaused && this.available > 0;
  }

  #has(borrower: unknown): boolean {
    return borrower !== undefined && this.#borrowers.has(borrower);
  }

  #lend(borrower: unknown): void {
    this.#borrowers.set(borrower, (this.#borrowers.get(borrower) ?? 0) + 1);
    this.#borrowed += 1;
  }

  #serve(): void {
    for (const waiter of this.#line) {
      if (!this.#canLend) return;
      const { borrower, wait } = waiter;
      this.#line.delete(waiter);
      if (this.#has(borrower)) {
        wait.fail(alreadyHas(borrower));
      } else {
        this.#lend(borrower);
        wait.fulfil();
      }
    }
  }
}

function checkTotal(total: number): number {
  return checkCount(total, 0, `limit to ${total}`);
}

function alreadyHas(borrower: unknown): Error {
  return new Error(`Cannot borrow a second token: ${nameOf(borrower)} has one already`);
}

function nameOf(borrower: unknown): string {
  if (borrower === undefined || isTask(borrower)) return nameOfTask(borrower);
  return typeof borrower === 'object' ? 'the borrower' : `borrower "${String(borrower)}"`;
}
