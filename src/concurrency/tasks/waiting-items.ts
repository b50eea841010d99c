/**
 * The items of a `TaskQueue` that wait for a worker: the most urgent is next. It also knows which of them came first,
 * and how many there were at most. An item that waits for room is not in it, and came later than all that are.
 */

import { now } from '../kernel/scope/ambient.ts';
import type { Store } from '../primitives/bounded-line.ts';
import { PriorityStore } from '../primitives/priority-store.ts';
import { Carried } from './carried.ts';

/** An item from its `put` on, with the contexts of who put it. */
export class Entry<T> {
  readonly item: T;
  readonly putMs = now();
  readonly contexts = new Carried();

  constructor(item: T) {
    this.item = item;
  }
}

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
