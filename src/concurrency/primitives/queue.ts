/**
 * The bounded queues that differ only in which item is next: the first that came, or the most urgent. Closing ends the
 * putting side and lets the getters drain what is there. Those who wait for room get it in the order in which they
 * came.
 */
import { checkPriority } from '../kernel/checks.ts';
import type { WaitOptions } from '../kernel/wait/suspend.ts';
import { BoundedLine, type QueueStatistics } from './bounded-line.ts';
import { Fifo, PriorityStore } from './stores.ts';

/**
 * A bounded queue, first in, first out: items, waiting getters and waiting putters alike; size 0 hands every item over
 * directly. Every item goes to exactly one getter.
 */
export class Queue<T> extends BoundedLine<T> {
  /** Throws a `RangeError` unless `size` is a whole number >= 0 or `Infinity`. */
  constructor(size: number) {
    super(size, new Fifo<T>());
  }
}

/**
 * A bounded queue in which the item with the lowest priority number is next, and of equal ones the one that came first.
 * A `put` that waits for room competes by priority only once its item is in. All else is as with `Queue`.
 */
export class PriorityQueue<T> {
  readonly #line: BoundedLine<T>;

  /** Throws a `RangeError` unless `size` is a whole number >= 0 or `Infinity`. */
  constructor(size: number) {
    this.#line = new BoundedLine(size, new PriorityStore<T>());
  }

  /** How many items it has room for. */
  get size(): number {
    return this.#line.size;
  }

  /** How many items are in the queue; those of waiting putters are not. */
  get length(): number {
    return this.#line.length;
  }

  /** Whether `close` was called; items may still be in it. */
  get isClosed(): boolean {
    return this.#line.isClosed;
  }

  /**
   * Resolves once `item` is in the queue, or, at size 0, in the hands of a getter. Rejects with `QueueClosed` if the
   * queue is closed before; then, and when cancelled, the item is not in it. Throws a `RangeError` if `priority` is
   * NaN.
   */
  put(item: T, priority: number, options?: WaitOptions): Promise<void> {
    return this.#line.put(item, options, checkPriority(priority, 'put'));
  }

  /**
   * Resolves with the next item; waits in line for one. Rejects with `QueueClosed` once the queue is closed and empty.
   * When cancelled, it has taken nothing.
   */
  get(options?: WaitOptions): Promise<T> {
    return this.#line.get(options);
  }

  /**
   * Puts without waiting; false: there is no room now, or, at size 0, no getter. Throws `QueueClosed` if closed, and a
   * `RangeError` if `priority` is NaN.
   */
  tryPut(item: T, priority: number): boolean {
    return this.#line.tryPut(item, checkPriority(priority, 'put'));
  }

  /** The next item, or undefined if there is none now. Throws `QueueClosed` once closed and empty. */
  tryGet(): T | undefined {
    return this.#line.tryGet();
  }

  /** Gives out nothing until `resume`: getters wait, and putters once it is full. Again without effect. */
  pause(): void {
    this.#line.pause();
  }

  /** Gives out items again, first to those who have waited, in their order. Without effect if it was not paused. */
  resume(): void {
    this.#line.resume();
  }

  /** Whether `pause` was called, and `resume` was not. */
  get isPaused(): boolean {
    return this.#line.isPaused;
  }

  /** Ends the putting side: putters and, once all is taken, getters reject with `QueueClosed`. Again without effect. */
  close(): void {
    this.#line.close();
  }

  /** What the queue is like now. */
  statistics(): QueueStatistics {
    return this.#line.statistics();
  }

  /**
   * Yields items until the queue is closed and drained. When cancelled while it waits, it throws, and has taken
   * nothing.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, void, undefined> {
    return this.#line[Symbol.asyncIterator]();
  }
}
