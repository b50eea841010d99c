/**
 * When a repeated check is due: on a grid of its own, so that many services with one interval are checked evenly over
 * it, and stay so. Pure.
 *
 * Round `k` of a service is due at `(k + phase) * interval` of the clock. A check that could not keep up goes on with the
 * next point of its grid: what was missed is not made up for. (A pause between checks would let all drift together; a
 * random shift clumps.)
 */

export interface Grid {
  readonly intervalMs: number;
  /** In [0, 1). */
  readonly phase: number;
}

/** The fractional parts of its multiples lie evenly, however many there are (Knuth, TAOCP 3, section 6.4). */
const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

/** `index` is the place of the service among all. */
export function gridOf(intervalMs: number, index: number): Grid {
  return { intervalMs, phase: (index * GOLDEN_RATIO) % 1 };
}

export function dueMs({ intervalMs, phase }: Grid, round: number): number {
  return (round + phase) * intervalMs;
}

/** The first round that is due after that time. */
export function roundAfter({ intervalMs, phase }: Grid, atMs: number): number {
  return Math.floor(atMs / intervalMs - phase) + 1;
}

/**
 * The first round of all. `listens`: what it judges is the time before it, which must be a whole interval.
 */
export function firstRound(grid: Grid, readyMs: number, listens: boolean): number {
  return roundAfter(grid, listens ? readyMs + grid.intervalMs : readyMs);
}

/**
 * The round after this one at `nowMs`: rounds whose time has passed are left out, and timers that are early do no
 * harm.
 */
export function nextRound(grid: Grid, round: number, nowMs: number): number {
  return Math.max(round + 1, roundAfter(grid, nowMs));
}

/** Its time was over before anybody looked: we were not there. */
export function isMissed(grid: Grid, round: number, nowMs: number): boolean {
  return nowMs >= dueMs(grid, round + 1);
}
