/**
 * One question over a Unix socket or to a port, whatever it is: any method, path, body and headers.
 */
import { request as httpRequest } from 'node:http';
import type { ApiAnswer } from './api-document.ts';
import type { Place } from './control-client.ts';

export interface RawQuestion {
  readonly method: string;
  /** With its query. */
  readonly target: string;
  readonly body?: string | Buffer | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Goes away without reading: with the first part of the answer, or when the question is out. */
  readonly leaves?: 'at once' | 'with the answer' | undefined;
}

export interface RawAnswer extends ApiAnswer {
  /** The methods that are there. */
  readonly allow: string | undefined;
}

/** Rejects if the connection breaks; undefined: it went away before there was an answer. */
export function askSocket(place: Place, question: RawQuestion): Promise<RawAnswer | undefined> {
  const { method, target, body, leaves } = question;
  return new Promise((resolve, reject) => {
    // Of a GET Node doesn't say the length by itself.
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const headers = { ...length, ...question.headers };
    const to = typeof place === 'string' ? { socketPath: place } : place;
    const request = httpRequest({ ...to, method, path: target, headers, agent: false });
    request.on('error', reject);
    if (leaves === 'at once')
      request.on('finish', () => {
        request.off('error', reject).on('error', () => undefined);
        request.destroy();
        resolve(undefined);
      });
    request.on('response', (response) => {
      const { 'content-type': type = '', allow } = response.headers;
      const answer = (text: string): RawAnswer => ({ status: response.statusCode ?? 0, type, text, allow });
      if (leaves === 'with the answer') {
        response.on('error', () => undefined);
        request.off('error', reject).on('error', () => undefined);
        request.destroy();
        resolve(answer(''));
        return;
      }
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(answer(text)));
      response.on('error', reject);
    });
    request.end(body);
  });
}
