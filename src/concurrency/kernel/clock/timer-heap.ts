/**
 * Timers ordered by time, equal times by the order in which they were set: a binary heap whose entries know their
 * place, so that a cancelled timer leaves at once and holds no memory. Shared by all clocks; it neither reads the time
 * nor waits.
 */
import type { ClockTimer } from './clock.ts';

/** One timer; cancelling it removes it from its heap. */
export class TimerEntry implements ClockTimer {
  readonly time: number;
  readonly order: number;
  readonly fire: () => void;
  /** Its place in the heap, -1 when it is in none. */
  index = -1;
  readonly #heap: TimerHeap;

  constructor(heap: TimerHeap, time: number, order: number, fire: () => void) {
    this.#heap = heap;
    this.time = time;
    this.order = order;
    this.fire = fire;
  }

  cancel(): void {
    if (this.index >= 0) this.#heap.remove(this);
  }
}

/** The pending timers of one clock. */
export class TimerHeap {
  readonly #entries: TimerEntry[] = [];
  readonly #onEmpty: () => void;
  #order = 0;

  /** `onEmpty` is called when the last timer was cancelled, so that the clock can let go of the loop. */
  constructor(onEmpty: () => void) {
    this.#onEmpty = onEmpty;
  }

  get size(): number {
    return this.#entries.length;
  }

  get first(): TimerEntry | undefined {
    return this.#entries[0];
  }

  add(time: number, fire: () => void): TimerEntry {
    const entry = new TimerEntry(this, time, this.#order++, fire);
    this.#entries.push(entry);
    this.#up(entry, this.#entries.length - 1);
    return entry;
  }

  remove(entry: TimerEntry): void {
    this.#take(entry);
    if (this.#entries.length === 0) this.#onEmpty();
  }

  /**
   * Fires every timer that was due at `now` when the call began, in order. Timers set meanwhile
   * wait for another turn, even if they are due.
   */
  fireDue(now: number): void {
    const end = this.#order;
    for (let entry = this.first; entry !== undefined; entry = this.first) {
      if (entry.time > now || entry.order >= end) return;
      this.#take(entry);
      entry.fire();
    }
  }

  #take(entry: TimerEntry): void {
    const last = this.#entries.pop();
    const index = entry.index;
    entry.index = -1;
    if (last === undefined || last === entry) return;
    this.#up(last, index);
    this.#down(last, last.index);
  }

  #up(entry: TimerEntry, from: number): void {
    let index = from;
    while (index > 0) {
      const parent = this.#entries[(index - 1) >> 1]!;
      if (!isBefore(entry, parent)) break;
      this.#place(parent, index);
      index = (index - 1) >> 1;
    }
    this.#place(entry, index);
  }

  #down(entry: TimerEntry, from: number): void {
    let index = from;
    for (;;) {
      const left = this.#entries[2 * index + 1];
      if (left === undefined) break;
      const right = this.#entries[2 * index + 2];
      const child = right !== undefined && isBefore(right, left) ? right : left;
      if (!isBefore(child, entry)) break;
      const place = child.index;
      this.#place(child, index);
      index = place;
    }
    this.#place(entry, index);
  }

  #place(entry: TimerEntry, index: number): void {
    this.#entries[index] = entry;
    entry.index = index;
  }
}

function isBefore(a: TimerEntry, b: TimerEntry): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
