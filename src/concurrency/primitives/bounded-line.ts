/**
 * What every queue is made of: a bounded store between putters and getters, which are served in the order in which
 * they came. Every item goes to exactly one getter: a cancelled `get` has taken nothing, a cancelled `put` has not
 * put. Which of the stored items is next is the store's affair.
 */
import { checkCount } from '../kernel/checks.ts';
import {
  itself,
  pendInLine,
  refusal,
  satisfied,
  type Wait,
  type WaitOptions,
} from '../kernel/wait/suspend.ts';
import { QueueClosed, QueueReader } from './queue-reader.ts';
import type { Store } from './stores.ts';

/** What a queue is like at this moment. */
export interface QueueStatistics {
  /** How many items are in it. */
  readonly length: number;
  /** How many it has room for. */
  readonly size: number;
  /** How many wait for an item. */
  readonly getters: number;
  /** How many wait for room. */
  readonly putters: number;
  readonly isClosed: boolean;
}

interface Putter<T> {
  readonly item: T;
  readonly rank: number;
  readonly wait: Wait<void>;
}

/** Between putters and getters at most `size` items wait; size 0 hands every item over directly. */
export class BoundedLine<T> {
  /** How many items it has room for. */
  readonly size: number;
  readonly #items: Store<T>;
  readonly #getters = new Set<Wait<T>>();
  readonly #putters = new Set<Putter<T>>();
  #isClosed = false;
  #isPaused = false;
  /** The last one that somebody is still to hear of. */
  #handover: Promise<void> | undefined;

  /**
   * Throws a `RangeError` unless `size` is a whole number >= 0 or `Infinity`.
   * @internal
   */
  constructor(size: number, store: Store<T>) {
    this.size = checkCount(size, 0, `make a queue of size ${size}`);
    this.#items = store;
  }

  /** How many items are in the queue; those of waiting putters are not. */
  get length(): number {
    return this.#items.length;
  }

  /** Whether `close` was called; items may still be in it. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Resolves once `item` is in the queue, or, at size 0, in the hands of a getter; until then it waits in line. Rejects
   * with `QueueClosed` if the queue is closed before; then, and when cancelled, the item is not in it.
   */
  put(item: T, options?: WaitOptions): Promise<void>;
  /** @internal */
  put(item: T, options: WaitOptions | undefined, rank: number): Promise<void>;
  put(item: T, options?: WaitOptions, rank = 0): Promise<void> {
    const refused = refusal(options);
    if (refused !== undefined) return refused;
    if (this.#isClosed) return Promise.reject(closedForPut());
    if (this.tryPut(item, rank)) return satisfied;
    return pendInLine('queue.put', this.#putters, (wait: Wait<void>) => ({ item, rank, wait }), options);
  }

  /**
   * Resolves with the next item; waits in line for one. Rejects with `QueueClosed` once the queue is closed and empty.
   * When cancelled, it has taken nothing.
   */
  get(options?: WaitOptions): Promise<T> {
    const refused = refusal(options);
    if (refused !== undefined) return refused;
    if (this.#canTake()) {
      const item = this.#take();
      return this.#handover === undefined ? Promise.resolve(item) : this.#handover.then(() => item);
    }
    if (this.#isClosed && !this.#hasItem()) return Promise.reject(closedForGet());
    return pendInLine('queue.get', this.#getters, itself, options);
  }

  /** Puts without waiting; false: there is no room now, or, at size 0, no getter. Throws `QueueClosed` if closed. */
  tryPut(item: T): boolean;
  /** @internal */
  tryPut(item: T, rank: number): boolean;
  tryPut(item: T, rank = 0): boolean {
    if (this.#isClosed) throw closedForPut();
    const getter = this.#isPaused ? undefined : first(this.#getters);
    if (getter !== undefined) {
      this.#getters.delete(getter);
      if (this.size === 0) getter.fulfil(item);
      else this.#handOver(getter, item);
      return true;
    }
    if (this.#items.length >= this.size) return false;
    this.#items.push(item, rank);
    return true;
  }

  /** The next item, or undefined if there is none now. Throws `QueueClosed` once closed and empty. */
  tryGet(): T | undefined {
    if (this.#canTake()) return this.#take();
    if (this.#isClosed && !this.#hasItem()) throw closedForGet();
    return undefined;
  }

  /** Gives out nothing until `resume`: getters wait, and putters once it is full. Again without effect. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Gives out items again, first to those who have waited, in their order. Without effect if it was not paused. */
  resume(): void {
    this.#isPaused = false;
    for (const getter of this.#getters) {
      if (!this.#hasItem()) break;
      this.#getters.delete(getter);
      this.#handOver(getter, this.#take());
    }
    if (this.#isClosed) this.#refuseGetters();
  }

  /** Whether `pause` was called, and `resume` was not. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Ends the putting side: putters and, once all is taken, getters reject with `QueueClosed`. Again without effect. */
  close(): void {
    this.#isClosed = true;
    for (const putter of this.#putters) putter.wait.fail(closedForPut());
    this.#putters.clear();
    // In a pause they wait for what there is.
    if (!this.#hasItem()) this.#refuseGetters();
  }

  /** What the queue is like now. */
  statistics(): QueueStatistics {
    return {
      length: this.length,
      size: this.size,
      getters: this.#getters.size,
      putters: this.#putters.size,
      isClosed: this.#isClosed,
    };
  }

  /**
   * Yields items until the queue is closed and drained. When cancelled while it waits, it throws, and has taken
   * nothing.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, void, undefined> {
    return new QueueReader(this, () => this.#canTake() && this.#handover === undefined);
  }

  /**
   * The item is the getter's now, who hears of it after the putter goes on: so a ready producer gets one item ahead,
   * and its consumer, who had come first, finds each further one there. Woken first, it would wait for every item.
   */
  #handOver(getter: Wait<T>, item: T): void {
    const tell = getter.claim();
    const handover = satisfied.then(() => {
      tell(item);
      if (this.#handover === handover) this.#handover = undefined;
    });
    this.#handover = handover;
  }

  #refuseGetters(): void {
    for (const getter of this.#getters) getter.fail(closedForGet());
    this.#getters.clear();
  }

  #canTake(): boolean {
    return !this.#isPaused && this.#hasItem();
  }

  #hasItem(): boolean {
    return this.#items.length > 0 || this.#putters.size > 0;
  }

  /**
   * Takes the next item; then the first putter moves up into the place that this frees. Call it only if there is one.
   */
  #take(): T {
    const putter = first(this.#putters);
    if (putter === undefined) return this.#items.shift() as T;
    this.#putters.delete(putter);
    putter.wait.fulfil();
    if (this.#items.length === 0) return putter.item;
    const item = this.#items.shift() as T;
    this.#items.push(putter.item, putter.rank);
    return item;
  }
}

function first<E>(elements: ReadonlySet<E>): E | undefined {
  for (const element of elements) return element;
  return undefined;
}

function closedForPut(): QueueClosed {
  return new QueueClosed('Cannot put into the queue: it is closed');
}

function closedForGet(): QueueClosed {
  return new QueueClosed('Cannot get from the queue: it is closed and empty');
}
