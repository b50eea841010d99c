/**
 * Single attempts over the network: does somebody accept a connection, does a server answer a GET.
 *
 * No connection outlives its attempt, and no body is read. Redirects are not followed.
 */
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Attempt, Network } from './ports.ts';

export function createNetwork(): Network {
  return {
    connect: (host, port, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve(notReached('given up'));
        const socket = connect({ host, port });
        const end = (attempt: Attempt): void => {
          signal.removeEventListener('abort', abort);
          socket.destroy();
          resolve(attempt);
        };
        const abort = (): void => end(notReached('given up'));
        signal.addEventListener('abort', abort, { once: true });
        socket.once('connect', () => end({ ok: true, detail: 'accepted a connection' }));
        // Also after the end: a socket that is being destroyed may still fail.
        socket.on('error', (error) => end(notReached(describeNetworkError(error))));
      }),
    async get(url, headers, status, signal) {
      try {
        const response = await request(url, headers, signal);
        response.destroy();
        return judge(response.statusCode ?? 0, status);
      } catch (error) {
        return notReached(signal.aborted ? 'given up' : describeNetworkError(error as Error));
      }
    },
  };
}

/** Resolves with the head of the answer. */
async function request(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { get } = url.startsWith('https:') ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const sent = get(url, { headers, signal, agent: false }, resolve);
    sent.on('error', reject);
  });
}

function judge(answered: number, wanted: number | undefined): Attempt {
  const detail = `answered ${answered}`;
  if (wanted === undefined) return { ok: answered >= 200 && answered < 400, detail };
  return answered === wanted ? { ok: true, detail } : { ok: false, detail: `${detail} instead of ${wanted}` };
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
function describeNetworkError(error: Error): string {
  const first = error instanceof AggregateError ? (error.errors[0] as Error | undefined) : error;
  const { code, message } = (first ?? error) as NodeJS.ErrnoException;
  return (code === undefined ? undefined : SENTENCES[code]) ?? message;
}
