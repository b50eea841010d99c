/**
 * Repeated measurements of one quantity, and what is said of them. Pure.
 */

export interface Sample {
  readonly count: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Throws if there is no value, or one that is no number: then nothing was measured. */
export function sampleOf(values: readonly number[]): Sample {
  if (values.length === 0 || !values.every(Number.isFinite)) {
    throw new Error(`Cannot make a sample of [${values.join(', ')}]: every measurement must give a number`);
  }
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { count: sorted.length, min: sorted[0]!, median, max: sorted.at(-1)! };
}
