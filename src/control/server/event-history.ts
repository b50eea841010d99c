/**
 * The events of a run for those who ask later, or listen: the last ten thousand, and each new one as it comes.
 *
 * A listener is called in the moment of the event; it must not throw and must not wait.
 */
import type { OrderlyEvent } from '../../events/event.ts';

const KEPT = 10_000;

type Listener = (event: OrderlyEvent) => void;

export class EventHistory {
  /** In order; the oldest are cut off in blocks, so that each event costs the same. */
  #events: OrderlyEvent[] = [];
  /** How many are not kept any more, and the number of the last of them. */
  #forgotten = 0;
  #forgottenSeq = 0;
  readonly #listeners = new Set<Listener>();

  /** The number of the last one that is not kept any more; 0: all are. */
  get forgottenSeq(): number {
    return this.#forgottenSeq;
  }

  add(event: OrderlyEvent): void {
    this.#events.push(event);
    if (this.#events.length > 2 * KEPT) this.#forget(this.#events.length - KEPT);
    for (const listener of this.#listeners) listener(event);
  }

  /**
   * Those after that number, as far as they are kept, the first `most` of them; `missed`: how many before them are not, at most:
   * not every number is that of an event that comes here.
   */
  after(
    seq: number,
    most = Number.POSITIVE_INFINITY,
  ): { readonly events: readonly OrderlyEvent[]; readonly missed: number } {
    const from = this.#firstAfter(seq);
    const missed = Math.max(0, Math.min(this.#forgotten, this.#forgottenSeq - seq));
    return { events: this.#events.slice(from, from + most), missed };
  }

  /** Until what it returns is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #forget(count: number): void {
    this.#forgotten += count;
    this.#forgottenSeq = this.#events[count - 1]!.seq;
    this.#events = this.#events.slice(count);
  }

  #firstAfter(seq: number): number {
    let [low, high] = [0, this.#events.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#events[middle]!.seq > seq) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
