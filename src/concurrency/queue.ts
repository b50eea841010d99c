/**
 * A bounded line from putters to getters, first in, first out on both sides. Every item goes to
 * exactly one getter: a cancelled `get` has taken nothing, a cancelled `put` has not put. Closing
 * ends the putting side and lets the getters drain what is there.
 */
import { Fifo } from './fifo.ts';
import { QueueClosed } from './queue-closed.ts';
import { suspend, type Wait, type WaitOptions } from './suspend.ts';

interface Putter<T> {
  readonly item: T;
  readonly wait: Wait<void>;
}

/** A bounded queue; size 0 hands every item over directly. */
export class Queue<T> {
  readonly size: number;
  readonly #items = new Fifo<T>();
  readonly #getters = new Set<Wait<T>>();
  readonly #putters = new Set<Putter<T>>();
  #isClosed = false;

  /** Throws a `RangeError` unless `size` is a whole number >= 0 or `Infinity`. */
  constructor(size: number) {
    if (!(size >= 0) || (size !== Number.POSITIVE_INFINITY && !Number.isInteger(size))) {
      throw new RangeError(`Cannot make a queue of size ${size}: give a whole number >= 0, or Infinity`);
    }
    this.size = size;
  }

  /** How many items are in the queue; those of waiting putters are not. */
  get length(): number {
    return this.#items.length;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Resolves once `item` is in the queue, or, at size 0, in the hands of a getter. Rejects with
   * `QueueClosed` if the queue is closed before; then, and when cancelled, the item is not in it.
   */
  put(item: T, options?: WaitOptions): Promise<void> {
    return suspend<void>(
      'queue.put',
      (wait) => {
        if (this.#isClosed) {
          wait.fail(closedForPut());
        } else if (this.tryPut(item)) {
          wait.fulfil();
        } else {
          const putter = { item, wait };
          this.#putters.add(putter);
          wait.giveUp = () => this.#putters.delete(putter);
        }
      },
      options,
    );
  }

  /** Resolves with the next item. Rejects with `QueueClosed` once the queue is closed and empty. */
  get(options?: WaitOptions): Promise<T> {
    return suspend<T>(
      'queue.get',
      (wait) => {
        if (this.#hasItem()) {
          wait.fulfil(this.#take());
        } else if (this.#isClosed) {
          wait.fail(closedForGet());
        } else {
          this.#getters.add(wait);
          wait.giveUp = () => this.#getters.delete(wait);
        }
      },
      options,
    );
  }

  /** Puts without waiting; returns false if that is impossible now. Throws `QueueClosed` if closed. */
  tryPut(item: T): boolean {
    if (this.#isClosed) throw closedForPut();
    const getter = first(this.#getters);
    if (getter !== undefined) {
      this.#getters.delete(getter);
      getter.fulfil(item);
      return true;
    }
    if (this.#items.length >= this.size) return false;
    this.#items.push(item);
    return true;
  }

  /** The next item, or undefined if there is none now. Throws `QueueClosed` once closed and empty. */
  tryGet(): T | undefined {
    if (this.#hasItem()) return this.#take();
    if (this.#isClosed) throw closedForGet();
    return undefined;
  }

  /** Ends the putting side: putters and, once all is taken, getters throw. Again without effect. */
  close(): void {
    this.#isClosed = true;
    for (const putter of this.#putters) putter.wait.fail(closedForPut());
    this.#putters.clear();
    for (const getter of this.#getters) getter.fail(closedForGet());
    this.#getters.clear();
  }

  /** Yields until the queue is closed and drained. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      let item: T;
      try {
        item = await this.get();
      } catch (error) {
        if (error instanceof QueueClosed) return;
        throw error;
      }
      yield item;
    }
  }

  #hasItem(): boolean {
    return this.#items.length > 0 || this.#putters.size > 0;
  }

  /** Takes the first item; the first putter moves up into the place that this frees. */
  #take(): T {
    const putter = first(this.#putters);
    if (putter !== undefined) {
      this.#putters.delete(putter);
      this.#items.push(putter.item);
      putter.wait.fulfil();
    }
    return this.#items.shift() as T;
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
