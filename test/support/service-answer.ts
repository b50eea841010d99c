/**
 * A service as a run answers for it: one that is ready and wanted, unless more is said.
 */
import type { ServiceAnswer } from '../../src/control/protocol.ts';

export function serviceAnswer(service: string, more: Partial<ServiceAnswer> = {}): ServiceAnswer {
  return {
    ...{ service, state: 'ready', since_ms: 0, attempt: 1 },
    wanted: { want: 'up', wish: 1, open: true, by: 'start', since_ms: 0 },
    restarts: { since_wish: 0, all: 0 },
    ...more,
  };
}
