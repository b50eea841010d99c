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
  readonly #listeners = new Set<Listener>();

  add(event: OrderlyEvent): void {
    this.#events.push(event);
    if (this.#events.length > 2 * KEPT) this.#events = this.#events.slice(-KEPT);
    for (const listener of this.#listeners) listener(event);
  }

  /** Those after that number, as far as they are kept; `missed`: how many before them are not. */
  after(seq: number): { readonly events: readonly OrderlyEvent[]; readonly missed: number } {
    const events = this.#events.filter((event) => event.seq > seq);
    const first = events[0]?.seq ?? seq + 1;
    return { events, missed: Math.max(0, first - seq - 1) };
  }

  /** Until what it returns is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
