/**
 * Single attempts over the network: does somebody accept a connection, does a server answer a GET.
 *
 * No connection outlives its attempt, and no body is read. Redirects are not followed. Who accepted is asked as soon
 * as the connection is there, and only then.
 */
import type { IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Attempt, Endpoint, Network, OwnerCheck, WantedStatus } from '../ports.ts';
import { plainAddress } from '../sockets/socket-row.ts';
import { ACCEPTED, connectOnce, connectPath } from './connect-path.ts';

export function createNetwork(): Network {
  return {
    connectPath,
    connect: (host, port, signal, ownerOf) =>
      connectOnce<Attempt>({
        to: { host, port },
        signal,
        givenUp: notReached('given up'),
        accepted: async (socket) => (await objection(socket, ownerOf)) ?? ACCEPTED,
        refused: (error) => notReached(describeNetworkError(error)),
      }),
    async get(url, headers, status, signal, ownerOf, insecure = false) {
      let objected: Promise<Attempt | undefined> | undefined;
      const options = { headers, signal, agent: false, ...(insecure && { rejectUnauthorized: false }) };
      const attempt = await request(url, options, (socket) => {
        objected = objection(socket, ownerOf);
      }).then(
        async (response) => {
          // It stays open as long as somebody asks whose it is.
          await objected;
          response.destroy();
          return { ...judge(response.statusCode ?? 0, status), isAnswered: true };
        },
        (error: Error) => notReached(signal.aborted ? 'given up' : describeNetworkError(error)),
      );
      // Who answers for another says nothing about the service, whatever he answers.
      return (await objected) ?? attempt;
    },
  };
}

/** Resolves with the head of the answer. */
async function request(
  url: string,
  options: RequestOptions,
  onConnect: (socket: Socket) => void,
): Promise<IncomingMessage> {
  const { get } = url.startsWith('https:') ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const sent = get(url, options, resolve);
    sent.on('error', reject);
    sent.once('socket', (socket) => socket.once('connect', () => onConnect(socket)));
  });
}

/** What there is to say against a connection that was accepted. */
async function objection(
  { localAddress, localPort, remoteAddress, remotePort }: Socket,
  ownerOf: OwnerCheck | undefined,
): Promise<Attempt | undefined> {
  if (ownerOf === undefined) return undefined;
  const remote = endpoint(remoteAddress, remotePort);
  const local = endpoint(localAddress, localPort);
  if (local === undefined || remote === undefined) return notReached(SENTENCES.ECONNRESET!);
  const owner = await ownerOf({ local, remote });
  return owner.kind === 'not-own' ? notReached(owner.detail) : undefined;
}

/** Undefined if the connection is gone. */
function endpoint(address: string | undefined, port: number | undefined): Endpoint | undefined {
  if (address === undefined || port === undefined) return undefined;
  return { address: plainAddress(address), port };
}

function judge(answered: number, wanted: WantedStatus): Attempt {
  const detail = `answered ${answered}`;
  if (wanted === 'any') return { ok: true, detail };
  if (wanted === undefined) return { ok: answered >= 200 && answered < 400, detail };
  const counting = typeof wanted === 'number' ? [wanted] : wanted;
  if (counting.includes(answered)) return { ok: true, detail };
  return { ok: false, detail: `${detail} instead of ${counting.join(' or ')}` };
}

function notReached(detail: string): Attempt {
  return { ok: false, detail };
}

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was cut',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no way to that host',
  ENETUNREACH: 'no way to that network',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name could not be looked up',
  ENOENT: 'no such socket',
  EACCES: 'permission denied',
  EMFILE: 'too many open files',
};

/** A clause. Where several addresses of a name were tried, the first one's trouble stands for all. */
export function describeNetworkError(error: Error): string {
  const first = error instanceof AggregateError ? (error.errors[0] as Error | undefined) : error;
  const { code, message } = (first ?? error) as NodeJS.ErrnoException;
  return (code === undefined ? undefined : SENTENCES[code]) ?? message;
}
