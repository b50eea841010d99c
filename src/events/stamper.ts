/**
 * Numbers facts in one row and gives them their time. One stamper serves a whole run: the engine's events and the
 * lines of output that are shown as events come from it, so that no number is given twice. Texts are made printable
 * here, for all that tell of events, but for what is no sentence: reported values, and lines of services. What is secret is taken out
 * here too.
 */
import type { Fact, OrderlyEvent } from './event.ts';
import { printableData } from './printable.ts';

const RAW: ReadonlySet<string> = new Set(['values', 'output']);

export class Stamper {
  readonly #now: () => number;
  readonly #wallTime: () => string;
  readonly #startMs: number;
  readonly #masked: (fact: Fact) => Fact;
  #seq = 0;

  /**
   * `now` is monotonic, in milliseconds; `wallTime` is ISO 8601 in UTC. The run starts now. `masked`: a fact without what is secret; of
   * lines of services nothing is, by then.
   */
  constructor(now: () => number, wallTime: () => string, masked: (fact: Fact) => Fact = (fact) => fact) {
    this.#masked = masked;
    this.#now = now;
    this.#wallTime = wallTime;
    this.#startMs = now();
  }

  readonly stamp = (fact: Fact): OrderlyEvent => {
    this.#seq += 1;
    const stamp = { seq: this.#seq, time: this.#wallTime(), ms: this.sinceStart(this.#now()) };
    return { ...stamp, ...(fact.type === 'log' ? fact : printableData(this.#masked(fact), RAW)) };
  };

  /** A time of `now` on the scale of every `ms`: milliseconds since the start, to the microsecond. */
  sinceStart(atMs: number): number {
    return Math.round((atMs - this.#startMs) * 1000) / 1000;
  }
}
