/**
 * Holds when a connection to host and port is accepted: by a process of the instance, unless any may be the owner.
 */
import type { ConditionKind } from '../config/types.ts';
import type { Check } from './check.ts';
import type { ProbeContext } from './probe.ts';

type TcpCondition = Extract<ConditionKind, { readonly kind: 'tcp' }>;

export function createTcpCheck({ host, port, owner }: TcpCondition, context: ProbeContext): Check {
  const portText = context.fill(port).trim();
  const subject = `tcp ${host.includes(':') ? `[${host}]` : host}:${portText}`;
  return {
    subject,
    unanswered: 'no answer',
    async attempt(signal) {
      if (!isPort(portText))
        return { kind: 'never', why: `${subject}: "${portText}" is not a port (1 to 65535)` };
      const ownerOf = owner === 'service' ? context.ownerOf : undefined;
      const answer = await context.ports.network.connect(host, Number(portText), signal, ownerOf);
      return answer.ok
        ? { kind: 'held', evidence: subject }
        : { kind: 'not-yet', detail: `${subject}: ${answer.detail}` };
    },
  };
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
