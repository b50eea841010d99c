/**
 * Who may ask at the TCP listener: whoever knows the token. Everybody on this machine can connect, and so can the pages
 * that somebody's browser shows: what they can't help sending, the name of the host and their origin, gives them away.
 *
 * It looks at the head of a request only, before anything of its body is read. The probes need no token, and tell
 * nothing but yes or no.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Controlled, problem, text, type WholeReply } from '../controlled.ts';
import { readiness } from '../looks.ts';
import { isOwnAuthority } from './address.ts';

/** What is answered at once; undefined: it may ask. */
export type Gate = (request: IncomingMessage) => WholeReply | undefined;

export function createGate({ picture }: Pick<Controlled, 'picture'>, token: string): Gate {
  const expected = digest(token);
  return (request) => {
    const port = request.socket.localPort ?? 0;
    const { host = [], origin = [], authorization = [] } = request.headersDistinct;
    if (!isForUs(request.url ?? '', host, port))
      return refusal(403, 'forbidden', `"Host" must be 127.0.0.1, [::1] or localhost, with the port ${port}`);
    if (!origin.every((one) => one.toLowerCase() === `http://${host[0]!.toLowerCase()}`))
      return refusal(403, 'forbidden', 'pages of other origins may ask nothing');
    if (authorization.length === 1 && timingSafeEqual(digest(bearerOf(authorization[0]!)), expected))
      return undefined;
    if (request.method === 'GET' && request.url === '/livez') return text(200, 'ok\n');
    if (request.method === 'GET' && request.url === '/readyz') {
      const { status } = readiness(picture);
      return text(status, status === 200 ? 'ok\n' : 'not ready\n');
    }
    const how = '"Authorization: Bearer TOKEN"; the run has told at its start which file has the token';
    return refusal(401, 'unauthorized', `it needs ${how}`);
  };
}

/** The name that it was asked by is one of ours: not one that somebody else lets lead here. */
function isForUs(url: string, hosts: readonly string[], port: number): boolean {
  const [, inUrl] = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(url) ?? [];
  const named = inUrl === undefined ? hosts : [...hosts, inUrl];
  return hosts.length === 1 && named.every((one) => isOwnAuthority(one, port));
}

function bearerOf(authorization: string): string {
  return /^bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
}

/** All of one length: how long a comparison takes tells nothing. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token, 'latin1').digest();
}

/** Of the run not even its name is told. */
function refusal(status: number, code: string, message: string): WholeReply {
  return problem('', status, code, message);
}
