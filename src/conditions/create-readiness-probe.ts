/**
 * From a validated condition to its probe: which kind is made where.
 */
import { sleep } from '../concurrency/index.ts';
import type { Condition, ConditionKind } from '../config/types.ts';
import { formatDuration } from '../events/format-duration.ts';
import { createAllPart, createAnyPart } from './kinds/combined.ts';
import { createCheck } from './kinds/create-check.ts';
import { createLogPart } from './kinds/log.ts';
import { createNotifyPart } from './kinds/notify.ts';
import { held, type Part, withDeadline } from './probe/part.ts';
import { createPolledPart } from './probe/poll.ts';
import type { ProbeContext, ReadinessProbe } from './probe/probe.ts';

const spawned: Part = { hold: async () => held('spawned'), missing: () => 'not spawned' };

/** Create it before the instance is launched; without a condition it holds at once. */
export function createReadinessProbe(
  condition: Condition | undefined,
  context: ProbeContext,
): ReadinessProbe {
  if (condition === undefined) return withDeadline(spawned, undefined);
  return withDeadline(createPart(condition, context), condition.withinMs, context.elsewhere);
}

function createPart(condition: Condition, context: ProbeContext): Part {
  switch (condition.kind) {
    case 'log':
      return createLogPart(condition);
    case 'notify':
      return createNotifyPart(condition);
    case 'delay':
      return createDelayPart(condition);
    case 'all':
      return createAllPart(condition.of.map((part) => createReadinessProbe(part, context)));
    case 'any':
      return createAnyPart(condition.of.map((part) => createReadinessProbe(part, context)));
    default:
      return createPolledPart(createCheck(condition, context), condition, context);
  }
}

/** Holds a fixed time after the launch, for programs that can say nothing. */
function createDelayPart({ delayMs }: Extract<ConditionKind, { readonly kind: 'delay' }>): Part {
  const subject = `delay of ${formatDuration(delayMs)}`;
  return {
    async hold() {
      await sleep(delayMs);
      return held(subject);
    },
    missing: () => `${subject}: not over`,
  };
}
