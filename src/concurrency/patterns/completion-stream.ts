/**
 * The results of several functions in the order in which they come. They run from the first look on, in a task group
 * inside the scope of the reader; leaving the loop early cancels and awaits those that still run. A slow reader holds
 * nothing back: results wait for it.
 */
import { checkCount } from '../kernel/checks.ts';
import { CancelScope } from '../kernel/scope/cancel-scope.ts';
import { shield } from '../kernel/scope/out-of-reach.ts';
import { Queue } from '../primitives/queue.ts';
import { QueueClosed } from '../primitives/queue-reader.ts';
import { boundedMap } from './bounded-map.ts';
import type { Job } from './gather.ts';

/** One that has ended: which, and what it gave. */
export interface Completion<T> {
  /** Its place among the jobs, from 0. */
  readonly index: number;
  readonly value: T;
}

/** How a `CompletionStream` runs its jobs. */
export interface CompletionStreamOptions {
  /** How many run at once; no bound by default. */
  readonly limit?: number | undefined;
}

/**
 * The results of several functions in the order in which they come; to be read once, with `for await`. The jobs run
 * from the first read on, inside the scope of the reader. A slow reader holds nothing back: results wait for it.
 *
 * Leaving the loop early, and a cancellation of the reader, cancel and await those that still run. A failure cancels
 * them too; after the results that had come before, it ends the loop with an `AggregateError`.
 */
export class CompletionStream<T> implements AsyncIterable<Completion<T>> {
  readonly #jobs: readonly Job<T>[];
  readonly #limit: number;
  #isRead = false;

  /** Throws a `RangeError` unless `limit` is a whole number >= 1 or `Infinity`. */
  constructor(jobs: readonly Job<T>[], { limit = Number.POSITIVE_INFINITY }: CompletionStreamOptions = {}) {
    this.#jobs = jobs;
    this.#limit = checkCount(limit, 1, `run ${limit} at once`);
  }

  /** Gives the one reader. Throws an `Error` the second time. */
  [Symbol.asyncIterator](): AsyncIterator<Completion<T>, undefined> {
    if (this.#isRead) throw new Error('Cannot read a CompletionStream twice: make a new one');
    this.#isRead = true;
    return new Reader(this.#jobs, this.#limit);
  }
}

class Reader<T> implements AsyncIterator<Completion<T>, undefined> {
  readonly #jobs: readonly Job<T>[];
  readonly #limit: number;
  readonly #done = new Queue<Completion<T>>(Number.POSITIVE_INFINITY);
  readonly #scope = new CancelScope({ name: 'CompletionStream' });
  #running: Promise<unknown> | undefined;

  constructor(jobs: readonly Job<T>[], limit: number) {
    this.#jobs = jobs;
    this.#limit = limit;
  }

  async next(): Promise<IteratorResult<Completion<T>, undefined>> {
    if (this.#running === undefined) {
      this.#running = this.#run();
      // Looked at when all results have been read, or when the reader leaves; until then it isn't unhandled.
      this.#running.catch(() => undefined);
    }
    try {
      return { done: false, value: await this.#done.get() };
    } catch (error) {
      if (!(error instanceof QueueClosed)) {
        await this.#stop('its reader was cancelled');
        throw error;
      }
      await this.#running;
      return { done: true, value: undefined };
    }
  }

  /** Leaves the loop: what still runs is cancelled and awaited; what it throws then leaves. */
  async return(): Promise<IteratorResult<Completion<T>, undefined>> {
    await this.#stop('its reader has left');
    return { done: true, value: undefined };
  }

  #stop(why: string): Promise<void> {
    this.#scope.cancel(why);
    return shield(async () => {
      await this.#running;
    });
  }

  async #run(): Promise<void> {
    try {
      await this.#scope.run(() =>
        boundedMap(this.#jobs, this.#limit, async (job, index, task) => {
          this.#done.tryPut({ index, value: await job(task) });
        }),
      );
    } finally {
      this.#done.close();
    }
  }
}
