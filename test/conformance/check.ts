/**
 * One duty of a PID 1, as a question to a contender. It is judged by what can be seen from outside alone: how a
 * contender arranges its processes is its own affair.
 */
import type { Contender } from './contender.ts';

export type Verdict =
  | { readonly kind: 'holds' }
  | { readonly kind: 'fails'; readonly why: string }
  /** For information, in words. */
  | { readonly kind: 'figure'; readonly text: string };

export interface Check {
  /** The row of the table. */
  readonly name: string;
  /** What has to be known to read the row. */
  readonly footnote?: string;
  /** It measures: nothing else may run meanwhile. */
  readonly isFigure?: boolean;
  /** An error that it throws is a failed duty. */
  readonly judge: (contender: Contender) => Promise<Verdict>;
}

export const holds: Verdict = { kind: 'holds' };

export function fails(why: string): Verdict {
  return { kind: 'fails', why };
}

/** Holds if it is what was expected, or one of them. */
export function expectStatus(status: number, expected: number | readonly number[]): Verdict {
  const fits = typeof expected === 'number' ? status === expected : expected.includes(status);
  return fits ? holds : fails(`status ${status}`);
}

/** The first that fails; else that it holds. */
export function all(verdicts: readonly Verdict[]): Verdict {
  return verdicts.find(({ kind }) => kind === 'fails') ?? holds;
}

export async function judge(check: Check, contender: Contender): Promise<Verdict> {
  try {
    return await check.judge(contender);
  } catch (error) {
    return fails((error as Error).message);
  }
}
