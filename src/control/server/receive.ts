/**
 * Reads a request as it comes from a client that may send anything: where it goes and its body, or what is wrong with it.
 */
import type { IncomingMessage } from 'node:http';
import { printable } from '../../events/printable.ts';

export type Received =
  | {
      readonly ok: true;
      readonly path: string;
      readonly given: URLSearchParams;
      readonly body: unknown;
      /** As it calls itself, printable; undefined: it doesn't. */
      readonly client: string | undefined;
    }
  | { readonly ok: false; readonly status: 400 | 413; readonly why: string };

const MOST_BODY_BYTES = 256 * 1024;
/** What is too large is read and thrown away, so that its client hears why; one that goes on and on is cut off. */
const MOST_READ_BYTES = 16 * MOST_BODY_BYTES;

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
  const target = { ...targetOf(request), client: clientOf(request) };
  if (bytes === 0) return { ok: true, ...target, body: undefined };
  try {
    return { ok: true, ...target, body: JSON.parse(UTF_8.decode(Buffer.concat(parts))) };
  } catch {
    return { ok: false, status: 400, why: 'the body is no JSON, in UTF-8' };
  }
}

const MOST_CLIENT_CHARACTERS = 200;

function clientOf({ headers }: IncomingMessage): string | undefined {
  const name = headers['user-agent'];
  return name === undefined || name === '' ? undefined : printable(name.slice(0, MOST_CLIENT_CHARACTERS));
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** Whatever is written there. A server takes a whole address too (RFC 9112, 3.2.2). */
function targetOf({ url = '/' }: IncomingMessage): {
  readonly path: string;
  readonly given: URLSearchParams;
} {
  const [, path = '', query = ''] = /^(?:https?:\/\/[^/?]*)?([^?]*)\??(.*)$/s.exec(url) ?? [];
  return { path, given: new URLSearchParams(query) };
}
