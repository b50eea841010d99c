/**
 * Holds when a function of this program returns; what it throws is the detail.
 */
import type { ConditionKind } from '../config/types.ts';
import { describeExit } from '../events/describe.ts';
import type { Check } from './check.ts';
import type { ProbeContext } from './probe.ts';

type CallCondition = Extract<ConditionKind, { readonly kind: 'call' }>;

export function createCallCheck({ command }: CallCondition, { ports, cwd, env }: ProbeContext): Check {
  const subject = command.name;
  return {
    subject,
    unanswered: 'had not returned',
    async attempt(signal) {
      const end = await ports.commands.run({ command, cwd, env }, signal);
      if (end.kind === 'survived') return { kind: 'not-yet', detail: `${subject} has not ended` };
      if (end.kind === 'failed') return { kind: 'error', detail: `${subject}: ${end.message}` };
      const detail = `${subject} ${describeExit(end)}`;
      const isWell = end.kind === 'call' && end.outcome === 'returned';
      return isWell ? { kind: 'held', evidence: detail } : { kind: 'not-yet', detail };
    },
  };
}
