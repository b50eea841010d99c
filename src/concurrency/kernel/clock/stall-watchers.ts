/**
 * Who wants to hear of stalls. Shared by both clocks; it measures nothing.
 */

type Listener = (lostMs: number) => void;

/** The listeners of one clock. */
export class StallWatchers {
  readonly #entries = new Set<{ readonly listener: Listener }>();

  get count(): number {
    return this.#entries.size;
  }

  /** Returns what forgets the listener, and says whether it was there. */
  add(listener: Listener): () => boolean {
    const entry = { listener };
    this.#entries.add(entry);
    return () => this.#entries.delete(entry);
  }

  /** Tells those who are there now. */
  tell(lostMs: number): void {
    for (const entry of [...this.#entries]) if (this.#entries.has(entry)) entry.listener(lostMs);
  }
}
