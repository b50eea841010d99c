/**
 * Which hook may run now: of each place one at a time, a few of all. Pure bookkeeping.
 *
 * While one runs the newest that comes waits, in the place of the one before it, which is counted: what is true last is
 * told, however often it changes.
 */
export interface Waiting<Item> {
  readonly place: string;
  readonly item: Item;
  /** So many before it were left out. */
  readonly missed: number;
}

export class Lanes<Item> {
  readonly #mostAtOnce: number;
  readonly #running = new Set<string>();
  /** In the order in which their places began to wait. */
  readonly #waiting = new Map<string, Waiting<Item>>();

  constructor(mostAtOnce: number) {
    this.#mostAtOnce = mostAtOnce;
  }

  get isIdle(): boolean {
    return this.#running.size === 0 && this.#waiting.size === 0;
  }

  add(place: string, item: Item): void {
    const before = this.#waiting.get(place);
    this.#waiting.set(place, { place, item, missed: before === undefined ? 0 : before.missed + 1 });
  }

  /** Takes the next that may run; undefined: none may. Whoever takes it calls `end` when it is over. */
  take(): Waiting<Item> | undefined {
    if (this.#running.size >= this.#mostAtOnce) return undefined;
    for (const next of this.#waiting.values()) {
      if (this.#running.has(next.place)) continue;
      this.#waiting.delete(next.place);
      this.#running.add(next.place);
      return next;
    }
    return undefined;
  }

  end(place: string): void {
    this.#running.delete(place);
  }

  /** Forgets what waits. */
  clear(): void {
    this.#waiting.clear();
  }
}
