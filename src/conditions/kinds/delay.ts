/**
 * Holds a fixed time after the launch, for programs that can say nothing.
 */
import { sleep } from '../../concurrency/index.ts';
import type { ConditionKind } from '../../config/types.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { held, type Part } from '../probe/part.ts';

type DelayCondition = Extract<ConditionKind, { readonly kind: 'delay' }>;

export function createDelayPart({ delayMs }: DelayCondition): Part {
  const subject = `delay of ${formatDuration(delayMs)}`;
  return {
    async hold() {
      await sleep(delayMs);
      return held(subject);
    },
    missing: () => `${subject}: not over`,
  };
}
