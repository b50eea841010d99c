/**
 * One thing that this machine can or can't do for orderly.
 */

export type FindingState =
  | 'ok'
  /** It works without, but less well: `means` says what is lost. */
  | 'lacking'
  /** It doesn't work without. */
  | 'missing';

export interface Finding {
  readonly name: string;
  readonly state: FindingState;
  /** What is there: a version, a path, a number; or why it isn't. */
  readonly found: string;
  /** What it means that it lacks, a clause. */
  readonly means?: string;
  /** What to do about it, a clause. */
  readonly remedy?: string;
}

export function ok(name: string, found: string): Finding {
  return { name, state: 'ok', found };
}

export function lacking(name: string, found: string, means: string, remedy: string): Finding {
  return { name, state: 'lacking', found, means, remedy };
}

export function missing(name: string, found: string, means: string, remedy: string): Finding {
  return { name, state: 'missing', found, means, remedy };
}
