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
 * Compares the first half of what was read after `warmUpMs` with the second one; undefined: too little was read. `of`
 * makes one value of a half: its median, or its minimum where only what stays counts. `mayGrow` says how much more may
 * be at the end.
 */
export function levelOf(
  readings: readonly Reading[],
  warmUpMs: number,
  of: (values: readonly number[]) => number,
  mayGrow: (before: number) => number,
): Level | undefined {
  const values = readings.filter(({ atMs }) => atMs >= warmUpMs).map(({ value }) => value);
  const half = values.length >> 1;
  if (half === 0) return undefined;
  const before = of(values.slice(0, half));
  const after = of(values.slice(half));
  return { before, after, keeps: after <= before + mayGrow(before) };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

export function minimum(values: readonly number[]): number {
  return Math.min(...values);
}
