/**
 * A list that is filled at one end and emptied at the other, both in constant time on average;
 * what was taken is not held.
 */

/** Below so many places nothing is gained by giving them back. */
const FEW = 64;

/** First in, first out. */
export class Fifo<T> {
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
