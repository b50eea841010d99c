/**
 * Holds when a GET is answered with status 200 to 399, or with the one wanted: by a process of the
 * instance, unless any may be the owner.
 *
 * The body is of no interest. A password in the URL is sent, but never shown.
 */
import type { ConditionKind } from '../config/types.ts';
import type { Check } from './check.ts';
import type { ProbeContext } from './probe.ts';

type HttpCondition = Extract<ConditionKind, { readonly kind: 'http' }>;

export function createHttpCheck(condition: HttpCondition, context: ProbeContext): Check {
  const url = context.fill(condition.url).trim();
  const headers = Object.fromEntries(
    Object.entries(condition.headers).map(([name, value]) => [name, context.fill(value)]),
  );
  const subject = `http ${withoutPassword(url)}`;
  return {
    subject,
    unanswered: 'no answer',
    async attempt(signal) {
      if (!isHttpUrl(url))
        return { kind: 'never', why: `${subject}: not a URL that begins with http:// or https://` };
      const ownerOf = condition.owner === 'service' ? context.ownerOf : undefined;
      const answer = await context.ports.network.get(url, headers, condition.status, signal, ownerOf);
      return answer.ok
        ? { kind: 'held', evidence: `${subject} ${answer.detail}` }
        : { kind: 'not-yet', detail: `${subject}: ${answer.detail}` };
    },
  };
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function withoutPassword(url: string): string {
  return url.replace(/^(https?:\/\/[^/?#@:]*):[^/?#@]*@/i, '$1:***@');
}
