/**
 * The state of a service with the data that is valid in it, as an answer has them. Pure.
 */
import type { ServiceStatus } from '../../events/status.ts';
import type { ServiceAnswer } from '../protocol.ts';

/** What it has there, and why it is there. */
export function fieldsOf(status: ServiceStatus): Partial<ServiceAnswer> {
  const why = whyOf(status);
  return { ...dataOf(status), ...(why !== undefined && { why }) };
}

function dataOf(status: ServiceStatus): Partial<ServiceAnswer> {
  const pid = 'pid' in status && status.pid !== undefined ? { pid: status.pid } : {};
  switch (status.state) {
    case 'pending':
      return status.waitingFor.length > 0 ? { waiting_for: status.waitingFor } : {};
    case 'ready': {
      const { evidence, values, unhealthy } = status;
      return {
        ...pid,
        evidence,
        ...(Object.keys(values).length > 0 && { values }),
        ...(unhealthy !== undefined && { unhealthy: unhealthy.detail }),
      };
    }
    case 'stopping':
      return { ...pid, until_ms: status.deadlineMs };
    case 'backoff':
      return { until_ms: status.untilMs };
    default:
      return pid;
  }
}

function whyOf(status: ServiceStatus): string | undefined {
  switch (status.state) {
    case 'backoff':
    case 'failed':
      return status.cause;
    case 'stopping':
      return status.reason;
    case 'skipped':
      return status.because;
    default:
      return undefined;
  }
}
