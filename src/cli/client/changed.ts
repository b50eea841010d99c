/**
 * Which services the files say something else of than the run does: what a reload would change.
 */
import type { AcceptedAnswer, RefusedAnswer } from '../../control/protocol.ts';
import type { FoundRun } from '../../process/guard/find-run.ts';
import { AskError, askRun, PATIENT } from './ask-run.ts';
import type { ClientWorld } from './client-world.ts';

/** Nothing where that can't be told. */
export async function changedServices(
  world: Pick<ClientWorld, 'ask'>,
  run: FoundRun,
): Promise<readonly string[]> {
  const question = { method: 'POST', path: '/v1/plan', body: { kind: 'reload' }, ...PATIENT } as const;
  try {
    const answer = await askRun<AcceptedAnswer | RefusedAnswer>(world, run, question);
    return answer.kind === 'refused' ? [] : answer.plan.map(({ service }) => service);
  } catch (error) {
    if (error instanceof AskError) return [];
    throw error;
  }
}
