/**
 * Whether a series of measurements keeps its level. Pure.
 */

export interface Reading {
  readonly atMs: number;
  readonly value: number;
}

export interface Level {
  readonly before: number;
  readonly after: number;
  readonly keeps: boolean;
}

/**
 * Compares the second third with the last: the first one is for warming up. `of` makes one value of a third: its
 * median, or its minimum where only what stays counts. `mayGrow` says how much more may be at the end.
 */
export function levelOf(
  readings: readonly Reading[],
  of: (values: readonly number[]) => number,
  mayGrow: (before: number) => number,
): Level {
  const third = Math.floor(readings.length / 3);
  if (third === 0) throw new Error(`Cannot tell a level from ${readings.length} readings: it takes three`);
  const values = readings.map(({ value }) => value);
  const before = of(values.slice(third, 2 * third));
  const after = of(values.slice(2 * third));
  return { before, after, keeps: after <= before + mayGrow(before) };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

export function minimum(values: readonly number[]): number {
  return Math.min(...values);
}
