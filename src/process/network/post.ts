/**
 * Sends a text of JSON by POST, once. No redirect is followed, no body of an answer is read, and no connection outlives it.
 */
import type { IncomingMessage } from 'node:http';
import type { Attempt } from '../ports.ts';
import { describeNetworkError } from './network.ts';

/** Good is an answer with 200 to 299. An abort ends it at once. Never rejects. */
export async function post(url: string, body: string, signal: AbortSignal): Promise<Attempt> {
  try {
    const { statusCode = 0 } = await send(url, body, signal);
    return { ok: statusCode >= 200 && statusCode < 300, detail: `answered ${statusCode}` };
  } catch (error) {
    return { ok: false, detail: signal.aborted ? 'given up' : describeNetworkError(error as Error) };
  }
}

async function send(url: string, body: string, signal: AbortSignal): Promise<IncomingMessage> {
  const { request } = url.startsWith('https:') ? await import('node:https') : await import('node:http');
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, signal, agent: false }, (response) => {
      // A connection that is cut later tells nothing more.
      response.on('error', () => {});
      response.destroy();
      resolve(response);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
