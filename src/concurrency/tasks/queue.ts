/**
 * Items that are worked on by a fixed number of workers, the most urgent first, none for ever last. It accepts what it
 * has room for, lets the rest wait, and accounts for every item: accepted = queued + running +
 * done + failed + returned.
 */
import { checkCount, checkPriority } from '../kernel/checks.ts';
import { isCancelled, TimeoutError } from '../kernel/errors/own-errors.ts';
import { CancelScope } from '../kernel/scope/cancel-scope.ts';
import { taskGroup } from '../kernel/task/group.ts';
import { Event } from '../kernel/wait/event.ts';
import type { WaitOptions } from '../kernel/wait/suspend.ts';
import { BoundedLine } from '../primitives/bounded-line.ts';
import { Entry, type TaskQueueCounts, type TaskQueueStatistics, WaitingItems } from './queue-items.ts';

/** How a queue works on its items; times are in ms. */
export interface TaskQueueOptions<T> {
  /** How many items wait at most; a `put` beyond waits. */
  readonly size: number;
  /** How many are worked on at once. */
  readonly workers: number;
  /**
   * Works on one item, its value is dropped; `signal` aborts at its limit and when the queue gives up. It has the async
   * contexts of who put the item, and the scope of the queue.
   */
  readonly work: (item: T, signal: AbortSignal) => Promise<unknown> | unknown;
  /** For each of these that an item has waited, in ms, it rises by one priority; 1,000 by default. */
  readonly ageMs?: number | undefined;
  /** The limit of the work on one item, in ms; none by default. */
  readonly timeoutMs?: number | undefined;
  /** Told of each item whose work failed or timed out, in the contexts of who put it; must not throw. */
  readonly onFailure?: ((item: T, error: unknown) => void) | undefined;
}

/** An item that is worked on. */
interface Running<T> {
  readonly item: T;
  readonly scope: CancelScope;
  isReturned: boolean;
}

/**
 * Items that are worked on by a fixed number of workers: the one with the lowest priority number first, and none for
 * ever last, since waiting counts. A failing item is counted and told, and its worker goes on. They live in the scope
 * of `run`: no work outlives it.
 */
export class TaskQueue<T> {
  readonly #options: TaskQueueOptions<T>;
  readonly #ageMs: number;
  readonly #waiting = new WaitingItems<T>();
  readonly #queue: BoundedLine<Entry<T>>;
  readonly #running = new Set<Running<T>>();
  #isPaused = false;
  #done = 0;
  #failed = 0;
  #returned = 0;
  /** Set, and replaced, when there may be something to do for workers, or for those who wait for the end. */
  #changed = new Event();

  private constructor(options: TaskQueueOptions<T>) {
    const { size, workers, ageMs = 1000 } = options;
    if (!Number.isInteger(workers) || workers < 1) {
      throw new RangeError(`Cannot work with ${workers} workers: give a whole number >= 1`);
    }
    checkCount(size, 1, `queue ${size} items`);
    if (!(ageMs > 0)) throw new RangeError(`Cannot age every ${ageMs} ms: give a number above 0`);
    this.#options = options;
    this.#ageMs = ageMs;
    this.#queue = new BoundedLine(size, this.#waiting);
  }

  /**
   * Runs `body` with a new queue, whose workers run meanwhile, and resolves with its value, or rejects with its error
   * in an `AggregateError`. When the body has ended, or is cancelled, what runs is cancelled and awaited, and what
   * waits is given up: `stop()` at its end lets all of it finish. Rejects with a `RangeError` for numbers that make no
   * sense.
   */
  static async run<T, R>(
    options: TaskQueueOptions<T>,
    body: (queue: TaskQueue<T>) => Promise<R> | R,
  ): Promise<R> {
    const queue = new TaskQueue<T>(options);
    // Nobody but a failure cancels that group.
    return taskGroup(
      async (group) => {
        for (let worker = 1; worker <= options.workers; worker++) {
          group.startSoon(() => queue.#workOn(), { name: `worker ${worker}` });
        }
        try {
          return await body(queue);
        } finally {
          queue.#close();
          queue.#giveBackWaiting();
          queue.#giveBackRunning();
        }
      },
      { name: 'TaskQueue' },
    ) as Promise<R>;
  }

  /**
   * Resolves when `item` is accepted, to be worked on before those with a higher `priority` number (0 by default);
   * waits while the queue is full. Rejects with `QueueClosed` once the queue is stopped; then, and when cancelled, the
   * item was not accepted. Throws a `RangeError` if `priority` is NaN.
   */
  put(item: T, { priority = 0, ...options }: PutOptions = {}): Promise<void> {
    const entry = new Entry(item);
    // All age at one pace, so that who came an age earlier is one priority ahead, now and for ever.
    const rank = checkPriority(priority, 'put') + entry.putMs / this.#ageMs;
    const accepted = this.#queue.put(entry, options, rank);
    this.#change();
    return accepted;
  }

  /** Takes no further item until `resume`: new ones wait, what is worked on goes on. Again without effect. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Takes items again, the most urgent first. Without effect if it was not paused. */
  resume(): void {
    this.#isPaused = false;
    this.#change();
  }

  /** Whether `pause` was called, and `resume` was not. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** What has become of the items until now. */
  get counts(): TaskQueueCounts {
    const parts = {
      queued: this.#queue.length,
      running: this.#running.size,
      done: this.#done,
      failed: this.#failed,
      returned: this.#returned,
    };
    return { accepted: Object.values(parts).reduce((sum, part) => sum + part), ...parts };
  }

  /** What the queue is like now. */
  statistics(): TaskQueueStatistics {
    const { size, putters, isClosed } = this.#queue.statistics();
    return {
      ...this.counts,
      size,
      workers: this.#options.workers,
      putters,
      peakQueued: this.#waiting.peak,
      oldestMs: this.#waiting.oldestMs,
      isPaused: this.#isPaused,
      isClosed,
    };
  }

  /** Resolves when every item that has been accepted by then has been worked on. When cancelled, the work goes on. */
  async join(options?: WaitOptions): Promise<void> {
    while (this.#running.size > 0 || this.#queue.length > 0) await this.#changed.wait(options);
  }

  /**
   * Refuses new items at once and resolves when everything accepted has been worked on, with an empty list. After
   * `withinMs` ms, without a limit by default, it cancels what runs, waits for its clean-up, and resolves with every
   * item that was not finished: those that ran, then the others in the order in which they would have been taken. When
   * cancelled, new items stay refused, and the work goes on. A paused queue has to be resumed, or has a limit.
   */
  async stop(withinMs = Number.POSITIVE_INFINITY): Promise<readonly T[]> {
    this.#close();
    await new CancelScope({ timeoutMs: withinMs, name: 'stop of TaskQueue' }).run(() => this.join());
    const waiting = this.#giveBackWaiting();
    const cut = this.#giveBackRunning();
    await this.join();
    return [...cut.filter(({ isReturned }) => isReturned).map(({ item }) => item), ...waiting];
  }

  async #workOn(): Promise<void> {
    for (;;) {
      const isEmpty = this.#queue.length === 0;
      if (!isEmpty && !this.#isPaused) await this.#workOne(this.#queue.tryGet() as Entry<T>);
      else if (isEmpty && this.#queue.isClosed) return;
      else await this.#changed.wait();
    }
  }

  async #workOne(entry: Entry<T>): Promise<void> {
    const { item } = entry;
    const running: Running<T> = { item, scope: new CancelScope({ name: 'item' }), isReturned: false };
    this.#running.add(running);
    try {
      const end = await running.scope.run(() => this.#workLimited(entry));
      if (end === undefined) this.#giveBack(running);
      else this.#count(entry, end);
    } catch (error) {
      this.#giveBack(running);
      throw error;
    } finally {
      this.#running.delete(running);
      this.#change();
    }
  }

  async #workLimited({ item, contexts }: Entry<T>): Promise<ItemEnd> {
    const { work, timeoutMs } = this.#options;
    const limit = new CancelScope({ timeoutMs, name: 'limit of an item' });
    try {
      const end = await limit.run(async ({ signal }): Promise<ItemEnd> => {
        await contexts.run(() => work(item, signal));
        return { kind: 'done' };
      });
      return end ?? { kind: 'failed', error: new TimeoutError(`An item timed out after ${timeoutMs} ms`) };
    } catch (error) {
      if (isCancelled(error)) throw error;
      return { kind: 'failed', error };
    }
  }

  #count({ item, contexts }: Entry<T>, end: ItemEnd): void {
    if (end.kind === 'done') {
      this.#done += 1;
    } else {
      this.#failed += 1;
      contexts.run(() => this.#options.onFailure?.(item, end.error));
    }
  }

  #giveBack(running: Running<T>): void {
    running.isReturned = true;
    this.#returned += 1;
  }

  #giveBackWaiting(): readonly T[] {
    const waiting: T[] = [];
    while (this.#queue.length > 0) waiting.push((this.#queue.tryGet() as Entry<T>).item);
    this.#returned += waiting.length;
    return waiting;
  }

  #giveBackRunning(): readonly Running<T>[] {
    const running = [...this.#running];
    for (const { scope } of running) scope.cancel('the queue is stopped');
    return running;
  }

  #close(): void {
    this.#queue.close();
    this.#change();
  }

  #change(): void {
    const changed = this.#changed;
    this.#changed = new Event();
    changed.set();
  }
}

/** How an item is put. */
export interface PutOptions extends WaitOptions {
  /** Lower numbers come first; 0 by default. */
  readonly priority?: number | undefined;
}

type ItemEnd = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly error: unknown };
