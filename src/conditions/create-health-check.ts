/**
 * From a validated condition to its health check: which kind is made where.
 */
import type { Condition } from '../config/types.ts';
import { asking, type HealthCheck } from './health/check.ts';
import { createGroupHealth } from './health/group.ts';
import { createLogHealth, createNotifyHealth } from './health/listening.ts';
import { createCheck } from './kinds/create-check.ts';
import type { Check } from './probe/check.ts';
import type { ProbeContext } from './probe/probe.ts';

/** Create it before the instance is launched. */
export function createHealthCheck(condition: Condition, context: ProbeContext): HealthCheck {
  switch (condition.kind) {
    case 'log':
      return createLogHealth(condition);
    case 'notify':
      return createNotifyHealth(condition);
    case 'all':
    case 'any':
      return createGroupHealth(
        condition.kind,
        condition.of.map((part) => createHealthCheck(part, context)),
      );
    case 'delay':
      return asking(alwaysWell);
    default:
      return asking(createCheck(condition, context));
  }
}

/** The configuration refuses it: time that passes says nothing about health. */
const alwaysWell: Check = {
  subject: 'delay',
  unanswered: 'not over',
  attempt: async () => ({ kind: 'held', evidence: 'delay' }),
};
