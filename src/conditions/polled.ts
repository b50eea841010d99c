/**
 * Makes a part of a check: it holds once polling has seen it hold.
 *
 * Remembers what the last attempt lacked, for the sentence of the deadline.
 */
import { now } from '../concurrency/index.ts';
import type { ConditionTiming } from '../config/types.ts';
import { type Check, describeCut } from './check.ts';
import { failed, held, type Part, withElapsed } from './part.ts';
import { poll } from './poll.ts';

export function createPolledPart(check: Check, timing: ConditionTiming): Part {
  let detail: string | undefined;
  return {
    async hold() {
      const sinceMs = now();
      const settled = await poll(check, timing, (outcome) => {
        if (outcome.kind === 'held')
          detail = `${outcome.evidence}, but not ${timing.successes} times in a row`;
        else if (outcome.kind !== 'never') detail = outcome.detail;
      });
      return settled.kind === 'held' ? withElapsed(held(settled.evidence), sinceMs) : failed(settled.why);
    },
    missing: () => detail ?? describeCut(check, undefined),
  };
}
