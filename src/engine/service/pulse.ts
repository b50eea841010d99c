/**
 * Wakes what waits to look again at something that has changed.
 *
 * It carries no data: waiters re-check their own condition, so that a wake-up too many does no harm and what is
 * acted on is true at that moment.
 */
import { Event } from '../../concurrency/index.ts';

export class Pulse {
  #next = new Event();
  #awaited = false;

  fire(): void {
    if (!this.#awaited) return;
    const woken = this.#next;
    this.#next = new Event();
    this.#awaited = false;
    woken.set();
  }

  /** Waits for the next one. */
  async next(): Promise<void> {
    this.#awaited = true;
    await this.#next.wait();
  }

  /**
   * Waits until `holds` is true, checking now and after each pulse. Whoever waited goes on a little later, and then it may not hold any
   * more: what must not be done unless it holds is `act`, which is called in the moment in which it does.
   */
  async until(holds: () => boolean, act?: () => void): Promise<void> {
    while (!holds()) await this.next();
    act?.();
  }
}
