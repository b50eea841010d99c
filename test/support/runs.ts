/**
 * How often a property is tried: `PROPERTY_RUNS=20000` for more than the ordinary suite does.
 */
export interface Runs {
  readonly numRuns: number;
  readonly includeErrorInReport: true;
}

/** `share`: of the runs that are asked for, where one takes that much longer than others do. */
export function runs(usual: number, share = 1): Runs {
  const { PROPERTY_RUNS } = process.env;
  return {
    numRuns: PROPERTY_RUNS === undefined ? usual : Math.ceil(Number(PROPERTY_RUNS) * share),
    includeErrorInReport: true,
  };
}
