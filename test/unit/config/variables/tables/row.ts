/**
 * One row of a table: a text, what another program makes of it, and how that compares with what we make of it.
 *
 * A row agrees if both give the same, or both refuse the text. It is loud if there is a message of ours about it. It
 * is on purpose if we give something else without a word, and then it has its reason.
 */

export type Values = Readonly<Record<string, string>>;

/** What is given for a text that is refused. */
export const REFUSED = null;

export type Verdict = 'agree' | 'loud' | 'on purpose';

export interface Row<T> {
  /** What of the syntax it is about. */
  readonly point: string;
  readonly text: string;
  readonly env: Values;
  readonly theirs: T | typeof REFUSED;
  readonly verdict: Verdict;
  /** Of one that is loud a part of our message, of one on purpose the reason. */
  readonly why: string;
  /** What we give, for a row on purpose. */
  readonly ours?: T;
}

export interface Table<T> {
  /** As the manual names it. */
  readonly source: string;
  readonly rows: readonly Row<T>[];
}

export function agree<T>(point: string, text: string, theirs: T, env: Values = {}): Row<T> {
  return { point, text, env, theirs, verdict: 'agree', why: '' };
}

/** Both refuse it. */
export function refused(point: string, text: string, env: Values = {}): Row<never> {
  return { point, text, env, theirs: REFUSED, verdict: 'agree', why: '' };
}

export function loud<T>(point: string, text: string, theirs: T, why: string, env: Values = {}): Row<T> {
  return { point, text, env, theirs, verdict: 'loud', why };
}

export function onPurpose<T>(
  point: string,
  text: string,
  given: { readonly theirs: T; readonly ours: T },
  why: string,
  env: Values = {},
): Row<T> {
  return { point, text, env, ...given, verdict: 'on purpose', why };
}

/** Each of these rows with variables that the environment has. */
export function withEnvironment<T>(env: Values, rows: readonly Row<T>[]): readonly Row<T>[] {
  return rows.map((row) => ({ ...row, env: { ...env, ...row.env } }));
}

/** How many rows there are, and how many of each verdict. */
export function counts({ rows }: Table<unknown>): readonly number[] {
  const verdicts: readonly Verdict[] = ['agree', 'loud', 'on purpose'];
  return [rows.length, ...verdicts.map((verdict) => rows.filter((row) => row.verdict === verdict).length)];
}
