/**
 * Chance that can be repeated: the same seed gives the same choices (mulberry32, public domain).
 */

export interface Chance {
  /** From 0 up to, not including, 1. */
  fraction(): number;
  /** A whole number below `count`. */
  below(count: number): number;
  /** One of them; there must be some. */
  pick<T>(items: readonly T[]): T;
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number): number => Math.floor(fraction() * count);
  return { fraction, below, pick: (items) => items[below(items.length)]! };
}
