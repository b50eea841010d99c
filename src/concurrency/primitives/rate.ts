/**
 * When the next one may pass, decided from when others passed: a window that slides for how many there may be in any
 * stretch of time, and the generic cell rate algorithm (ITU-T I.371) for how many of them may come at once. It
 * reads no clock and waits for nobody.
 */
import { Fifo } from './fifo.ts';

export class Rate {
  readonly #limit: number;
  readonly #perMs: number;
  /** The pace of those that come after a burst. */
  readonly #paceMs: number;
  /** How far ahead of its pace a burst may be. */
  readonly #aheadMs: number;
  /** When the last ones passed, no more than make a difference. */
  readonly #passed = new Fifo<number>();
  /** When the next one would pass if all kept the pace. */
  #theoreticalMs = Number.NEGATIVE_INFINITY;

  constructor(limit: number, perMs: number, burst: number) {
    this.#limit = limit;
    this.#perMs = perMs;
    this.#paceMs = perMs / limit;
    this.#aheadMs = (burst - 1) * this.#paceMs;
  }

  /** The earliest time at which one more may pass. */
  get nextMs(): number {
    const inPace = this.#theoreticalMs - this.#aheadMs;
    return this.#passed.length < this.#limit ? inPace : Math.max(inPace, this.#passed.first! + this.#perMs);
  }

  /** One passes at `nowMs`, which is `nextMs` or later. */
  pass(nowMs: number): void {
    this.#theoreticalMs = Math.max(this.#theoreticalMs, nowMs) + this.#paceMs;
    this.#passed.push(nowMs);
    if (this.#passed.length > this.#limit) this.#passed.shift();
  }
}
