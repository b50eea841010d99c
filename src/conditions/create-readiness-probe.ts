/**
 * From a validated condition to its probe: which kind is made where.
 */
import type { Condition } from '../config/types.ts';
import { createAllPart } from './all.ts';
import { createAnyPart } from './any.ts';
import { createCallCheck } from './call.ts';
import { withDeadline } from './deadline.ts';
import { createDelayPart } from './delay.ts';
import { createExecCheck } from './exec.ts';
import { createFileCheck } from './file.ts';
import { createHttpCheck } from './http.ts';
import { createLogPart } from './log.ts';
import { createNotifyPart } from './notify.ts';
import { held, type Part } from './part.ts';
import { createPolledPart } from './polled.ts';
import type { ProbeContext, ReadinessProbe } from './probe.ts';
import { createTcpCheck } from './tcp.ts';
import { createUnixCheck } from './unix.ts';

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
