/**
 * How often a property is tried: `PROPERTY_RUNS=20000` for more than the ordinary suite does, `PROPERTY_SEED=7` for the
 * same ones again.
 */
import type fc from 'fast-check';

/** `share`: of the runs that are asked for, where one takes that much longer than others do. */
export function runs(usual: number, share = 1): fc.Parameters<never> {
  const { PROPERTY_RUNS, PROPERTY_SEED } = process.env;
  return {
    numRuns: PROPERTY_RUNS === undefined ? usual : Math.ceil(Number(PROPERTY_RUNS) * share),
    ...(PROPERTY_SEED !== undefined && { seed: Number(PROPERTY_SEED) }),
    includeErrorInReport: true,
  };
}
