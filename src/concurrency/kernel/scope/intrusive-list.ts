/**
 * A doubly linked list whose elements carry their own links: adding and removing cost a few
 * assignments, and a scope that holds one wait at a time allocates nothing for it.
 * An element is in at most one list. The list owns no life cycle; it only remembers order.
 */

/** An element of one `IntrusiveList` at a time. */
export abstract class Linked {
  /** The list this element is in; the three fields belong to that list. */
  list: IntrusiveList<Linked> | undefined;
  previous: Linked | undefined;
  next: Linked | undefined;

  /** Leaves its list; does nothing when in none. */
  unlink(): void {
    this.list?.remove(this);
  }
}

/** Elements in the order in which they were added. */
export class IntrusiveList<T extends Linked> {
  #first: Linked | undefined;
  #last: Linked | undefined;

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  add(element: T): void {
    element.list = this as unknown as IntrusiveList<Linked>;
    element.previous = this.#last;
    if (this.#last === undefined) this.#first = element;
    else this.#last.next = element;
    this.#last = element;
  }

  /** Removes an element that must be in this list. */
  remove(element: Linked): void {
    const { previous, next } = element;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    element.list = undefined;
    element.previous = undefined;
    element.next = undefined;
  }

  /** Visits the elements of this moment; the list must not change meanwhile. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (let element = this.#first; element !== undefined; element = element.next) yield element as T;
  }
}
