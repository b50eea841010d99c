/**
 * Whose ends decide whether a run has succeeded (`success` of the configuration). Pure.
 */
import type { Config } from '../../config/types.ts';
import type { ShutdownCause } from '../../events/event.ts';
import type { Failure, Rests } from '../run/record.ts';

type SuccessRule = Config['success'];

/** The name by which a service is written: that of a replica is the one of what it is a replica of. */
type WrittenName = (service: string) => string;

/** Those of the failures that the rule looks at. */
export function judgedFailures(
  rule: SuccessRule,
  failures: readonly Failure[],
  rests: Rests,
  writtenName: WrittenName,
): readonly Failure[] {
  if (rule === undefined) return failures;
  if (typeof rule !== 'string') return failures.filter(({ service }) => rule.includes(writtenName(service)));
  const decisive = rests[rule];
  return decisive?.how === 'failed' ? failures.filter(({ service }) => service === decisive.service) : [];
}

/** Somebody wanted it so: that nothing came to its end is no failure. */
const ASKED_FOR: readonly ShutdownCause['kind'][] = ['signal', 'down', 'parent-gone', 'output-closed'];

/** Why one that must end with success has not, though it didn't fail: a clause; undefined: there is none. */
export function missedSuccess(
  rule: SuccessRule,
  rests: Rests,
  cause: ShutdownCause,
  writtenName: WrittenName,
): string | undefined {
  if (rule === undefined || typeof rule === 'string' || ASKED_FOR.includes(cause.kind)) return undefined;
  for (const [service, how] of rests.latest) {
    if (!rule.includes(writtenName(service))) continue;
    if (how === 'skipped') return `"${service}", which must succeed, was never started`;
    // Where nothing went down, a person has stopped it.
    if (how === 'stopped' && cause.kind !== 'done')
      return `"${service}", which must succeed, was stopped before it had ended`;
  }
  return undefined;
}
