/**
 * From a validated condition to its health check: which kind is made where.
 */
import type { Condition } from '../config/types.ts';
import { createCallCheck } from './call.ts';
import type { Check } from './check.ts';
import { createExecCheck } from './exec.ts';
import { createFileCheck } from './file.ts';
import { createGroupHealth } from './group-health.ts';
import { asking, type HealthCheck } from './health-check.ts';
import { createHttpCheck } from './http.ts';
import { createLogHealth } from './log-health.ts';
import { createNotifyHealth } from './notify-health.ts';
import type { ProbeContext } from './probe.ts';
import { createTcpCheck } from './tcp.ts';
import { createUnixCheck } from './unix.ts';

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
