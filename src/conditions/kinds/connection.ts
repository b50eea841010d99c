/**
 * Holds when somebody answers at an address: a process of the instance, unless any may be the owner.
 *
 * An address is a host with a port, a Unix socket, or a URL. Which process accepts a connection, or answers a GET, is found out
 * by the network's port.
 */
import { resolve } from 'node:path';
import type { ConditionKind } from '../../config/types.ts';
import type { Attempt } from '../../process/ports.ts';
import type { Check, Outcome } from '../probe/check.ts';
import { type Target, targetHere } from '../probe/elsewhere.ts';
import type { ProbeContext } from '../probe/probe.ts';

type TcpCondition = Extract<ConditionKind, { readonly kind: 'tcp' }>;

/** Holds when a connection is accepted. */
export function createTcpCheck({ host, orHost, port, owner }: TcpCondition, context: ProbeContext): Check {
  const portText = context.fill(port).trim();
  const subjectOf = (of: string): string => `tcp ${of.includes(':') ? `[${of}]` : of}:${portText}`;
  const subject = subjectOf(host);
  const hosts = orHost === undefined ? [host] : [host, orHost];
  const target = owner === 'service' ? targetHere(hosts, Number(portText)) : undefined;
  return {
    subject,
    unanswered: 'no answer',
    target,
    async attempt(signal) {
      if (!isPort(portText))
        return { kind: 'never', why: `${subject}: "${portText}" is not a port (1 to 65535)` };
      const ownerOf = owner === 'service' ? context.ownerOf : undefined;
      const knock = (at: string): Promise<Attempt> =>
        context.ports.network.connect(at, Number(portText), signal, ownerOf);
      const answer = await knock(host);
      if (!answer.ok && orHost !== undefined && !signal.aborted && (await knock(orHost)).ok)
        return { kind: 'held', evidence: subjectOf(orHost) };
      return outcomeOf(answer, subject, subject, target);
    },
  };
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

type UnixCondition = Extract<ConditionKind, { readonly kind: 'unix' }>;

/** Holds when a connection is accepted. A relative path is looked for below the service's folder. */
export function createUnixCheck(condition: UnixCondition, context: ProbeContext): Check {
  const path = resolve(context.cwd, context.fill(condition.path));
  const subject = `unix ${path}`;
  return {
    subject,
    unanswered: 'no answer',
    async attempt(signal) {
      const ownerOf = condition.owner === 'service' ? context.ownerOf : undefined;
      const answer = await context.ports.network.connectPath(path, signal, ownerOf);
      return outcomeOf(answer, subject, subject);
    },
  };
}

type HttpCondition = Extract<ConditionKind, { readonly kind: 'http' }>;

/**
 * Holds when a GET is answered with status 200 to 399, or with the one wanted. The body is of no interest. A password
 * in the URL is sent, but never shown.
 */
export function createHttpCheck(condition: HttpCondition, context: ProbeContext): Check {
  const url = context.fill(condition.url).trim();
  const headers = Object.fromEntries(
    Object.entries(condition.headers).map(([name, value]) => [name, context.fill(value)]),
  );
  const subject = `http ${withoutPassword(url)}`;
  const target = condition.owner === 'service' && isHttpUrl(url) ? targetOf(new URL(url)) : undefined;
  return {
    subject,
    unanswered: 'no answer',
    target,
    async attempt(signal) {
      if (!isHttpUrl(url))
        return { kind: 'never', why: `${subject}: not a URL that begins with http:// or https://` };
      const ownerOf = condition.owner === 'service' ? context.ownerOf : undefined;
      const { status, insecure } = condition;
      const answer = await context.ports.network.get(url, headers, status, signal, ownerOf, insecure);
      return outcomeOf(answer, subject, `${subject} ${answer.detail}`, target);
    },
  };
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function targetOf({ protocol, hostname, port }: URL): Target | undefined {
  const usual = protocol === 'https:' ? 443 : 80;
  return targetHere([hostname.replace(/^\[|\]$/g, '')], port === '' ? usual : Number(port));
}

function withoutPassword(url: string): string {
  return url.replace(/^(https?:\/\/[^/?#@:]*):[^/?#@]*@/i, '$1:***@');
}

/** `evidence`: if it was answered as it was to be. */
function outcomeOf(
  { ok, detail, isAnswered }: Attempt,
  subject: string,
  evidence: string,
  target?: Target,
): Outcome {
  if (ok) return { kind: 'held', evidence };
  const unanswered = target === undefined || isAnswered === true ? undefined : [target];
  return { kind: 'not-yet', detail: `${subject}: ${detail}`, unanswered };
}
