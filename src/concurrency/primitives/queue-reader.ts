/**
 * A queue as `for await` reads it: item by item, until it is closed and drained, which is its end and no error. Not an
 * async generator: that passes each item through four promises, and lets the fastest producer wait for its reader.
 */
import { isThenable } from '../kernel/wait/foreign.ts';
import { refusal } from '../kernel/wait/suspend.ts';

/** Thrown by `get` when a queue is closed and empty, and by `put` when it is closed. */
export class QueueClosed extends Error {
  override readonly name = 'QueueClosed';
}

/** What is read. */
interface Source<T> {
  get(): Promise<T>;
  tryGet(): T | undefined;
}

/** One reading of a queue; it ends for good with the queue, when its reader leaves, and when a `get` fails. */
export class QueueReader<T> implements AsyncIterableIterator<T, void, undefined> {
  readonly #source: Source<T>;
  readonly #hasNow: () => boolean;
  #isEnded = false;

  /** `hasNow`: whether an item is there that nobody else is to hear of before. */
  constructor(source: Source<T>, hasNow: () => boolean) {
    this.#source = source;
    this.#hasNow = hasNow;
  }

  /** An item that is there comes by one promise, so that the reader keeps up with its producer. */
  next(): Promise<IteratorResult<T, void>> {
    if (this.#isEnded) return this.return();
    const source = this.#source;
    if (this.#hasNow() && refusal(undefined) === undefined) {
      const item = source.tryGet() as T;
      // A thenable is given as what it resolves with, as `get` does.
      return isThenable(item)
        ? Promise.resolve(item).then(asResult<T>, this.#end)
        : Promise.resolve(asResult(item));
    }
    return source.get().then(asResult<T>, this.#end);
  }

  return(): Promise<IteratorResult<T, void>> {
    this.#isEnded = true;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  readonly #end = (error: unknown): Promise<IteratorResult<T, void>> => {
    this.#isEnded = true;
    if (error instanceof QueueClosed) return this.return();
    throw error;
  };
}

function asResult<T>(value: T): IteratorResult<T, void> {
  return { done: false, value };
}
