/**
 * How often a property is tried: `PROPERTY_RUNS=20000` for more than the ordinary suite does, `PROPERTY_SEED=7` for the
 * same ones again.
 */
export interface Runs {
  readonly numRuns: number;
  readonly seed?: number;
  readonly includeErrorInReport: true;
}

/** `share`: of the runs that are asked for, where one takes that much longer than others do. */
export function runs(usual: number, share = 1): Runs {
  const { PROPERTY_RUNS, PROPERTY_SEED } = process.env;
  return {
    numRuns: PROPERTY_RUNS === undefined ? usual : Math.ceil(Number(PROPERTY_RUNS) * share),
    ...(PROPERTY_SEED !== undefined && { seed: Number(PROPERTY_SEED) }),
    includeErrorInReport: true,
  };
}
