/**
 * One attempt at a condition that has to be asked for (tcp, http, exec, file). Types only.
 *
 * A check asks once and knows nothing of loops, thresholds and deadlines: `attempt.ts` limits it, `poll.ts`
 * repeats it.
 */

export type Outcome =
  | { readonly kind: 'held'; readonly evidence: string }
  /** It was asked and said no. */
  | { readonly kind: 'not-yet'; readonly detail: string }
  /** It could not be asked, which says nothing about the service. */
  | { readonly kind: 'error'; readonly detail: string }
  /** Asking again is of no use. */
  | { readonly kind: 'never'; readonly why: string };

export interface Check {
  /** What it asks: "tcp 127.0.0.1:5432". Details and evidence begin with it. */
  readonly subject: string;
  /** What to say of an attempt that was cut: "no answer". */
  readonly unanswered: string;
  /**
   * Asks once. When the signal aborts it ends as soon as nothing of it is left; what it then resolves with counts
   * for nothing.
   */
  attempt(signal: AbortSignal): Promise<Outcome>;
  /** What the attempt had to say until it was cut, empty for nothing. */
  said?(): string;
}

/** The sentence for an attempt that was cut: at its limit, or (undefined) by something else. */
export function describeCut(check: Check, limit: string | undefined): string {
  const said = check.said?.() ?? '';
  const within = limit === undefined ? '' : ` within ${limit}`;
  return `${check.subject}: ${check.unanswered}${within}${said === '' ? '' : `: ${said}`}`;
}
