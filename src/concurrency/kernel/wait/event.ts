/**
 * Something that happens once and stays true. It owns its waiters' place in line, and nothing else.
 */
import { itself, pendInLine, refusal, satisfied, type Wait, type WaitOptions } from './suspend.ts';

/** A flag that can be waited for; it cannot be taken back. */
export class Event {
  #isSet = false;
  readonly #waiters = new Set<Wait<void>>();

  /** Whether it has happened. */
  get isSet(): boolean {
    return this.#isSet;
  }

  /** How many are waiting. */
  get waiting(): number {
    return this.#waiters.size;
  }

  /** Wakes all who wait, now and later; again without effect. They run after the caller. */
  set(): void {
    this.#isSet = true;
    for (const waiter of this.#waiters) waiter.fulfil();
    this.#waiters.clear();
  }

  /** Resolves once the event is set, at once if it is. */
  wait(options?: WaitOptions): Promise<void> {
    const refused = refusal(options);
    if (refused !== undefined) return refused;
    if (this.#isSet) return satisfied;
    return pendInLine('event', this.#waiters, itself, options);
  }
}
