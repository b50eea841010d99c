/**
 * From a validated condition to its health check: which kind is made where.
 */
import type { Condition } from '../config/types.ts';
import { asking, type HealthCheck } from './health/check.ts';
import { createGroupHealth } from './health/group.ts';
import { createLogHealth, createNotifyHealth } from './health/listening.ts';
import { createHttpCheck, createTcpCheck, createUnixCheck } from './kinds/connection.ts';
import { createCallCheck, createExecCheck } from './kinds/exec.ts';
import { createFileCheck } from './kinds/file.ts';
import type { Check } from './probe/check.ts';
import type { ProbeContext } from './probe/probe.ts';

/** Create it before the instance is launched. */
export function createHealthCheck(condition: Condition, context: ProbeContext): HealthCheck {
  switch (condition.kind) {
    case 'tcp':
      return asking(createTcpCheck(condition, context));
    case 'http':
      return asking(createHttpCheck(condition, context));
    case 'exec':
      return asking(createExecCheck(condition, context));
    case 'call':
      return asking(createCallCheck(condition, context));
    case 'unix':
      return asking(createUnixCheck(condition, context));
    case 'file':
      return asking(createFileCheck(condition, context));
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
  }
}

/** The configuration refuses it: time that passes says nothing about health. */
const alwaysWell: Check = {
  subject: 'delay',
  unanswered: 'not over',
  attempt: async () => ({ kind: 'held', evidence: 'delay' }),
};
