/**
 * One attempt under its time limit: the single step of the polling loop.
 *
 * It ends only when the attempt has ended, so a probe never outlives its limit, and an answer that came with the
 * limit is late: a timeout is never a success. Time in which we could not run is not the service's: it isn't counted.
 */
import { CancelScope, checkpoint } from '../concurrency/index.ts';
import { formatDuration } from '../events/format-duration.ts';
import { type Check, describeCut, type Outcome } from './check.ts';

/** Asks once, for at most `timeoutMs`; cancelled, it throws once the attempt has ended. */
export async function attemptOnce(check: Check, timeoutMs: number): Promise<Outcome> {
  const limit = new CancelScope({ timeoutMs, forgivesStalls: true, name: 'attempt' });
  const answer = await limit.run(async (scope) => {
    // In a cancelled scope code runs up to its first wait; a command must not be spawned there.
    if (scope.signal.aborted) return undefined;
    const outcome = await check.attempt(scope.signal);
    return scope.signal.aborted ? undefined : outcome;
  });
  if (answer !== undefined) return answer;
  // Cut by the limit, or by a scope around us: then this throws, and the cut says nothing about the service.
  await checkpoint();
  return { kind: 'not-yet', detail: describeCut(check, formatDuration(timeoutMs)) };
}
