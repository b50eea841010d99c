/**
 * Random commands that run before an instance: at times they fail, hang, or leave something.
 */
import fc from 'fast-check';
import type { ServiceConfig } from '../../src/config/types.ts';
import type { Ahead } from './simulated-launcher.ts';

const when = fc.oneof(
  { weight: 5, arbitrary: fc.nat(3000) },
  { weight: 1, arbitrary: fc.constant('never' as const) },
);

const ahead: fc.Arbitrary<Ahead> = fc.record(
  {
    endsAfterMs: fc.oneof(
      { weight: 6, arbitrary: fc.nat(1500) },
      { weight: 1, arbitrary: fc.constant('never' as const) },
    ),
    exit: fc.oneof(
      { weight: 6, arbitrary: fc.constant({ kind: 'code' as const, code: 0 }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'code' as const, code: 3 }) },
    ),
    obeysAfterMs: when,
    leavesBehind: when,
    spawnFailure: fc.constant({ reason: 'command-not-found' as const, message: 'there is no such command' }),
  },
  { requiredKeys: ['endsAfterMs', 'exit'] },
);

/** Of a task, which has no deadline: each of them ends. */
export function ending(all: readonly Ahead[]): readonly Ahead[] {
  return all.map((one) => (one.endsAfterMs === 'never' ? { ...one, endsAfterMs: 1500 } : one));
}

/** Most services have none. */
export const someAhead: fc.Arbitrary<readonly Ahead[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(ahead, { maxLength: 3 }) },
);

/** To be spread into a service that has them. */
export function beforeOf(all: readonly Ahead[]): Pick<ServiceConfig, 'before'> {
  return all.length === 0 ? {} : { before: all.map(() => ({ kind: 'shell', script: 'prepare' })) };
}
