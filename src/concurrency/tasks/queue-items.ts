/**
 * What a `TaskQueue` knows of its items: those that wait for a worker, the most urgent next, and what it tells of all
 * of them. An item that waits for room is not among those that wait, and came later than all that do.
 */
import { AsyncResource } from 'node:async_hooks';
import { ambient, now, runWith } from '../kernel/scope/ambient.ts';
import { PriorityStore, type Store } from '../primitives/stores.ts';

/**
 * The async contexts of whoever makes it, taken to where its work is done later: who put an item is known to what works
 * on it. The scope and the clock stay behind: a cancellation of who put it must not cut the work of others.
 */
class Carried {
  readonly #resource = new AsyncResource('orderlyd.carried', { requireManualDestroy: true });

  /** Calls `fn` with them, in the scope and by the clock of the caller. */
  run<R>(fn: () => R): R {
    const here = ambient();
    return this.#resource.runInAsyncScope(() => {
      if (here === undefined) return fn();
      return runWith(here, fn, undefined);
    });
  }
}

/** An item from its `put` on, with the contexts of who put it. */
export class Entry<T> {
  readonly item: T;
  readonly putMs = now();
  readonly contexts = new Carried();

  constructor(item: T) {
    this.item = item;
  }
}

/** Those that wait for a worker. It also knows which of them came first, and how many there were at most. */
export class WaitingItems<T> implements Store<Entry<T>> {
  readonly #byUrgency = new PriorityStore<Entry<T>>();
  readonly #byComing = new Set<Entry<T>>();
  /** The most there were at any moment. */
  peak = 0;

  get length(): number {
    return this.#byComing.size;
  }

  /** For how long the first to come has waited, in ms; 0: there is none. */
  get oldestMs(): number {
    const [oldest] = this.#byComing;
    return oldest === undefined ? 0 : now() - oldest.putMs;
  }

  push(entry: Entry<T>, rank: number): void {
    this.#byUrgency.push(entry, rank);
    this.#byComing.add(entry);
    if (this.length > this.peak) this.peak = this.length;
  }

  shift(): Entry<T> | undefined {
    const entry = this.#byUrgency.shift();
    if (entry !== undefined) this.#byComing.delete(entry);
    return entry;
  }
}

/** `accepted` is the sum of all others, at any moment. */
export interface TaskQueueCounts {
  readonly accepted: number;
  /** Not begun yet. */
  readonly queued: number;
  /** Being worked on. */
  readonly running: number;
  /** Worked on with success. */
  readonly done: number;
  /** Those whose work threw, timed-out ones included. */
  readonly failed: number;
  /** Given back unfinished: by `stop` at its limit, or because the queue was left. */
  readonly returned: number;
}

/** What a task queue is like at this moment: what has become of the items, how many wait, and for how long. */
export interface TaskQueueStatistics extends TaskQueueCounts {
  /** How many items it has room for. */
  readonly size: number;
  readonly workers: number;
  /** How many wait for room. */
  readonly putters: number;
  /** The most that were queued at any moment. */
  readonly peakQueued: number;
  /** For how long the first to come of those queued has waited, from its `put` on, in ms; 0: none is queued. */
  readonly oldestMs: number;
  /** Whether `pause` was called, and `resume` was not. */
  readonly isPaused: boolean;
  /** Whether it refuses new items. */
  readonly isClosed: boolean;
}
