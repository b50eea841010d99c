/**
 * Where the items of a queue are between put and get, in the order in which they are wanted. What was taken is not
 * held.
 */

/** Where items are between put and get. */
export interface Store<T> {
  readonly length: number;
  /** `rank`: how soon it is wanted, lower numbers first; it means what the store makes of it. */
  push(item: T, rank: number): void;
  /** Takes the next one. Called only if there is one. */
  shift(): T | undefined;
}

/** Below so many places nothing is gained by giving them back. */
const FEW = 64;

/** First in, first out, both in constant time on average. */
export class Fifo<T> implements Store<T> {
  #items: (T | undefined)[] = [];
  #head = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#head;
  }

  /** The oldest item, which stays; undefined when empty. */
  get first(): T | undefined {
    return this.#items[this.#head];
  }

  push(item: T): void {
    this.#items[this.#end++] = item;
  }

  /** Takes the oldest item; undefined when empty. */
  shift(): T | undefined {
    if (this.#head === this.#end) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (2 * this.#head >= this.#end) this.#moveUp();
    return item;
  }

  /** A list that is emptied as fast as it is filled uses its first place over and over, and allocates nothing. */
  #moveUp(): void {
    if (this.#end > FEW) this.#items = this.#items.slice(this.#head, this.#end);
    else if (this.#head < this.#end) return;
    this.#end -= this.#head;
    this.#head = 0;
  }
}

interface Ranked<T> {
  readonly item: T;
  readonly priority: number;
  readonly order: number;
}

/**
 * A binary heap of items with their priorities: the lowest number comes first, and of equal ones the one that was put
 * first. Items themselves are never compared.
 */
export class PriorityStore<T> implements Store<T> {
  readonly #heap: Ranked<T>[] = [];
  #pushed = 0;

  get length(): number {
    return this.#heap.length;
  }

  push(item: T, priority: number): void {
    const heap = this.#heap;
    const entry: Ranked<T> = { item, priority, order: this.#pushed++ };
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  shift(): T | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return first?.item;
  }

  #sink(entry: Ranked<T>): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, entry)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = entry;
  }
}

function isBefore<T>(a: Ranked<T>, b: Ranked<T>): boolean {
  return a.priority < b.priority || (a.priority === b.priority && a.order < b.order);
}
