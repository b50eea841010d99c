/**
 * How long to pause between two attempts at a condition. Pure.
 *
 * Most services are ready within a blink, so the first attempts come quickly; a slow one isn't pestered.
 */

const FIRST_MS = 20;
const GROWTH = 1.5;
const LONGEST_MS = 500;

/**
 * Milliseconds to pause after attempt number `attempt` (from 1): the fixed interval, or, where it is undefined,
 * 20 ms growing by half each time up to 500 ms.
 */
export function pauseAfterMs(attempt: number, fixedMs: number | undefined): number {
  return fixedMs ?? Math.min(LONGEST_MS, FIRST_MS * GROWTH ** (attempt - 1));
}
