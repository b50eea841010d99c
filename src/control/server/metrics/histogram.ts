/**
 * How often something took how long: counts in buckets, as a histogram of Prometheus has them. It changes in place, and
 * makes nothing.
 */
import type { Sample } from './exposition.ts';

/** From a check of a local port to an attempt that had several seconds. */
const BOUNDS_MS = [1, 5, 25, 100, 500, 1_000, 5_000] as const;

export class Histogram {
  /** Of each bound those above the one before, and of the last place those above all. */
  readonly #counts: number[] = Array.from({ length: BOUNDS_MS.length + 1 }, () => 0);
  #sumMs = 0;

  observe(ms: number): void {
    let at = 0;
    while (at < BOUNDS_MS.length && ms > BOUNDS_MS[at]!) at++;
    this.#counts[at]!++;
    this.#sumMs += ms;
  }

  /** In seconds; none if there was nothing. */
  samples(labels: Sample['labels']): readonly Sample[] {
    let count = 0;
    const buckets = this.#counts.map((own, at): Sample => {
      count += own;
      const bound = BOUNDS_MS[at];
      const le = bound === undefined ? '+Inf' : String(bound / 1000);
      return { labels: { ...labels, le }, value: count, suffix: '_bucket' };
    });
    if (count === 0) return [];
    const sum: Sample = { labels, value: this.#sumMs / 1000, suffix: '_sum' };
    return [...buckets, sum, { labels, value: count, suffix: '_count' }];
  }
}
