/**
 * What a run failed of, with all that is known of it: the service that decided its status, or what was not clean.
 *
 * It only puts together what was announced before; without it nothing would be missing from a record but the order.
 */
import { advise } from '../../events/advice.ts';
import type { FailureReport } from '../../events/failure.ts';
import type { RunRecord, Unclean } from '../run/record.ts';

/** Undefined if it didn't fail. */
export function reportFailure({ reported, story }: RunRecord, service: string): FailureReport | undefined {
  const failure = reported.get(service);
  if (failure === undefined) return undefined;
  const { attempt, output, advice, ...facts } = failure;
  return {
    service,
    ...facts,
    attempts: attempt,
    output,
    earlier: story.lostBefore(service),
    fell: story.fellWith(service),
    advice,
  };
}

export function reportUnclean({ service, kind, text, limit }: Unclean, attempts: number): FailureReport {
  const facts = { kind, ...(limit && { limit }) };
  const advice = advise({ service, ...facts, isTask: false, hasOutput: false });
  return { service, ...facts, cause: text, attempts, output: [], earlier: [], fell: [], advice };
}
