/**
 * From a validated condition to its probe: which kind is made where.
 */
import type { Condition } from '../config/types.ts';
import { createAllPart, createAnyPart } from './kinds/combined.ts';
import { createHttpCheck, createTcpCheck, createUnixCheck } from './kinds/connection.ts';
import { createDelayPart } from './kinds/delay.ts';
import { createCallCheck, createExecCheck } from './kinds/exec.ts';
import { createFileCheck } from './kinds/file.ts';
import { createLogPart } from './kinds/log.ts';
import { createNotifyPart } from './kinds/notify.ts';
import { withDeadline } from './probe/deadline.ts';
import { held, type Part } from './probe/part.ts';
import { createPolledPart } from './probe/poll.ts';
import type { ProbeContext, ReadinessProbe } from './probe/probe.ts';

const spawned: Part = { hold: async () => held('spawned'), missing: () => 'not spawned' };

/** Create it before the instance is launched; without a condition it holds at once. */
export function createReadinessProbe(
  condition: Condition | undefined,
  context: ProbeContext,
): ReadinessProbe {
  if (condition === undefined) return withDeadline(spawned, undefined);
  return withDeadline(createPart(condition, context), condition.withinMs);
}

function createPart(condition: Condition, context: ProbeContext): Part {
  switch (condition.kind) {
    case 'tcp':
      return createPolledPart(createTcpCheck(condition, context), condition);
    case 'http':
      return createPolledPart(createHttpCheck(condition, context), condition);
    case 'exec':
      return createPolledPart(createExecCheck(condition, context), condition);
    case 'call':
      return createPolledPart(createCallCheck(condition, context), condition);
    case 'unix':
      return createPolledPart(createUnixCheck(condition, context), condition);
    case 'file':
      return createPolledPart(createFileCheck(condition, context), condition);
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
  }
}
