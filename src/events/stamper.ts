/**
 * Numbers facts in one row and gives them their time. One stamper serves a whole run: the engine's events and the
 * lines of output that are shown as events come from it, so that no number is given twice.
 */
import type { Fact, OrderlyEvent } from './event.ts';

export class Stamper {
  readonly #now: () => number;
  readonly #wallTime: () => string;
  readonly #startMs: number;
  #seq = 0;

  /** `now` is monotonic, in milliseconds; `wallTime` is ISO 8601 in UTC. The run starts now. */
  constructor(now: () => number, wallTime: () => string) {
    this.#now = now;
    this.#wallTime = wallTime;
    this.#startMs = now();
  }

  readonly stamp = (fact: Fact): OrderlyEvent => {
    this.#seq += 1;
    return { seq: this.#seq, time: this.#wallTime(), ms: this.sinceStart(this.#now()), ...fact };
  };

  /** A time of `now` on the scale of every `ms`: milliseconds since the start, to the microsecond. */
  sinceStart(atMs: number): number {
    return Math.round((atMs - this.#startMs) * 1000) / 1000;
  }
}
