/**
 * Holds when a connection to a Unix socket is accepted: by a process of the instance, unless any may be the owner.
 */
import { resolve } from 'node:path';
import type { ConditionKind } from '../config/types.ts';
import type { Check } from './check.ts';
import type { ProbeContext } from './probe.ts';

type UnixCondition = Extract<ConditionKind, { readonly kind: 'unix' }>;

/** A relative path is looked for below the service's folder. */
export function createUnixCheck(condition: UnixCondition, context: ProbeContext): Check {
  const path = resolve(context.cwd, context.fill(condition.path));
  const subject = `unix ${path}`;
  return {
    subject,
    unanswered: 'no answer',
    async attempt(signal) {
      const ownerOf = condition.owner === 'service' ? context.ownerOf : undefined;
      const answer = await context.ports.network.connectPath(path, signal, ownerOf);
      return answer.ok
        ? { kind: 'held', evidence: subject }
        : { kind: 'not-yet', detail: `${subject}: ${answer.detail}` };
    },
  };
}
