/**
 * Whether a guardian that has ended, or was stopped, is replaced. Pure.
 *
 * Who ends it again and again means it, or nothing can live here: then the services run without one, and that is said.
 */

export const MOST_ENDS = 5;
export const WINDOW_MS = 60_000;

export type GuardianDecision =
  | { readonly kind: 'replace'; readonly endsMs: readonly number[] }
  | { readonly kind: 'give-up' };

/** `endsMs`: when those before it ended, as the last decision gave them. */
export function decideGuardian(endsMs: readonly number[], nowMs: number): GuardianDecision {
  const recent = [...endsMs.filter((atMs) => atMs > nowMs - WINDOW_MS), nowMs];
  return recent.length < MOST_ENDS ? { kind: 'replace', endsMs: recent } : { kind: 'give-up' };
}
