/**
 * A bounded queue in which the item with the lowest priority number is next, and of equal ones the one that came first.
 * Everything else is as with `Queue`. A waiting `put` competes by priority only once its item is in: those who wait for
 * room get it in the order in which they came.
 */
import { BoundedLine, type QueueStatistics } from './bounded-line.ts';
import { PriorityStore } from './priority-store.ts';
import type { WaitOptions } from './suspend.ts';

export class PriorityQueue<T> {
  readonly #line: BoundedLine<T>;

  /** Throws a `RangeError` unless `size` is a whole number >= 0 or `Infinity`. */
  constructor(size: number) {
    this.#line = new BoundedLine(size, new PriorityStore<T>());
  }

  get size(): number {
    return this.#line.size;
  }

  /** How many items are in the queue; those of waiting putters are not. */
  get length(): number {
    return this.#line.length;
  }

  get isClosed(): boolean {
    return this.#line.isClosed;
  }

  /**
   * Resolves once `item` is in the queue. Rejects with `QueueClosed` if the queue is closed before; then, and when
   * cancelled, the item is not in it. Throws a `RangeError` if `priority` is NaN.
   */
  put(item: T, priority: number, options?: WaitOptions): Promise<void> {
    return this.#line.put(item, options, checkPriority(priority));
  }

  /** Resolves with the next item. Rejects with `QueueClosed` once the queue is closed and empty. */
  get(options?: WaitOptions): Promise<T> {
    return this.#line.get(options);
  }

  /** Puts without waiting; returns false if that is impossible now. Throws `QueueClosed` if closed. */
  tryPut(item: T, priority: number): boolean {
    return this.#line.tryPut(item, checkPriority(priority));
  }

  /** The next item, or undefined if there is none now. Throws `QueueClosed` once closed and empty. */
  tryGet(): T | undefined {
    return this.#line.tryGet();
  }

  /** Ends the putting side: putters and, once all is taken, getters throw. Again without effect. */
  close(): void {
    this.#line.close();
  }

  statistics(): QueueStatistics {
    return this.#line.statistics();
  }

  /** Yields until the queue is closed and drained. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, void, undefined> {
    return this.#line[Symbol.asyncIterator]();
  }
}

function checkPriority(priority: number): number {
  if (Number.isNaN(priority)) throw new RangeError('Cannot put with the priority NaN: give a number');
  return priority;
}
