/**
 * Reads a request as it comes from a client that may send anything: where it goes and its body, or what is wrong with it.
 */
import type { IncomingMessage } from 'node:http';

export type Received =
  | { readonly ok: true; readonly url: URL; readonly body: unknown }
  | { readonly ok: false; readonly status: 400 | 413; readonly why: string };

const MOST_BODY_BYTES = 256 * 1024;
/** What is too large is read and thrown away, so that its client hears why; one that goes on and on is cut off. */
const MOST_READ_BYTES = 16 * 1024 * 1024;

/** Rejects if the client goes away in the middle. */
export async function receive(request: IncomingMessage): Promise<Received> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_READ_BYTES) throw new Error('its body has no end');
    if (bytes <= MOST_BODY_BYTES) parts.push(part);
    else parts.length = 0;
  }
  if (bytes > MOST_BODY_BYTES)
    return { ok: false, status: 413, why: `the body is larger than ${MOST_BODY_BYTES} bytes` };
  const url = urlOf(request.url ?? '/');
  if (url === undefined) return { ok: false, status: 400, why: 'that is no path' };
  if (bytes === 0) return { ok: true, url, body: undefined };
  try {
    return { ok: true, url, body: JSON.parse(Buffer.concat(parts).toString('utf8')) };
  } catch {
    return { ok: false, status: 400, why: 'the body is no JSON' };
  }
}

function urlOf(text: string): URL | undefined {
  try {
    return new URL(text, 'http://orderly');
  } catch {
    return undefined;
  }
}
