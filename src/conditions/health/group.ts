/**
 * Health of several conditions: all parts are asked at the same time, in one round under one limit.
 *
 * A round ends with the first part that decides it, and then nothing of the others is left. A part that couldn't be
 * asked decides nothing, and without it neither do the others, unless one of them would alone.
 */
import { taskGroup } from '../../concurrency/index.ts';
import { describeCut, type Outcome } from '../probe/check.ts';
import type { HealthCheck } from './check.ts';

export function createGroupHealth(kind: 'all' | 'any', parts: readonly HealthCheck[]): HealthCheck {
  let outcomes = new Map<HealthCheck, Outcome>();
  return {
    subject: kind === 'all' ? 'all' : 'any',
    unanswered: 'no answer',
    channel: parts.find(({ channel }) => channel !== 'none')?.channel ?? 'none',
    listens: parts.some(({ listens }) => listens),
    wantsOutput: parts.some(({ wantsOutput }) => wantsOutput),
    output(stream, chunk) {
      for (const part of parts) if (part.wantsOutput) part.output(stream, chunk);
    },
    notification(notification) {
      for (const part of parts) part.notification(notification);
    },
    async attempt() {
      const seen = new Map<HealthCheck, Outcome>();
      outcomes = seen;
      let decided: Outcome | undefined;
      await taskGroup(
        (group) => {
          for (const part of parts) {
            group.startSoon(async ({ signal }) => {
              if (signal.aborted) return;
              const outcome = await part.attempt(signal);
              if (signal.aborted) return;
              seen.set(part, outcome);
              if (!decides(kind, outcome)) return;
              decided = outcome;
              group.cancel();
            });
          }
        },
        { name: kind },
      );
      return decided ?? together(kind, [...seen.values()]);
    },
    said: () =>
      parts
        .filter((part) => !outcomes.has(part))
        .map((part) => describeCut(part, undefined))
        .join('; '),
  };
}

/** One that fails decides `all`, one that holds decides `any`. */
function decides(kind: 'all' | 'any', outcome: Outcome): boolean {
  if (kind === 'any') return outcome.kind === 'held';
  return outcome.kind === 'not-yet' || outcome.kind === 'never';
}

/** What a round comes to that no part has decided. */
function together(kind: 'all' | 'any', outcomes: readonly Outcome[]): Outcome {
  const error = outcomes.find((outcome) => outcome.kind === 'error');
  if (error !== undefined) return error;
  if (kind === 'all') return { kind: 'held', evidence: outcomes.map(textOf).join(', ') };
  const unanswered = outcomes.flatMap((outcome) => (outcome.kind === 'not-yet' && outcome.unanswered) || []);
  return { kind: 'not-yet', detail: outcomes.map(textOf).join('; '), unanswered };
}

function textOf(outcome: Outcome): string {
  if (outcome.kind === 'held') return outcome.evidence;
  return outcome.kind === 'never' ? outcome.why : outcome.detail;
}
