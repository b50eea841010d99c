/**
 * The control socket: HTTP over a Unix socket in a folder that only this user may enter.
 *
 * It listens as soon as it is opened, and until it is closed the program doesn't end by itself: of a run whose services are all stopped
 * nothing else is left. What speaks HTTP is loaded when the first client comes. Whatever a client does or leaves
 * undone is that client's affair: sizes and times are bounded, and no fault of a route leaves this file.
 */
import { chmodSync, unlinkSync } from 'node:fs';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { type Controlled, problem, type Reply, wrongMethod } from './controlled.ts';
import { parseQuery } from './parse-query.ts';
import { findRoute } from './routes.ts';
import { JsonStream } from './stream.ts';

export interface ControlServer {
  /** Takes no more clients; those that follow are told all and the end. Settles within the limit. Never rejects. */
  close(withinMs: number): Promise<void>;
}

const MOST_CLIENTS = 256;
const MOST_BODY_BYTES = 256 * 1024;
const MOST_READ_BYTES = 16 * MOST_BODY_BYTES;
/** How long a client may be silent until its request is whole, and not read its answer. What it waits for may take as long as it takes. */
const SILENT_MS = 10_000;

/** Rejects with the system's error if it can't listen there. */
export async function serve(path: string, run: Controlled, silentMs = SILENT_MS): Promise<ControlServer> {
  const sockets = new Set<Socket>();
  const streams = new Set<JsonStream>();
  let http: Promise<HttpServer> | undefined;

  const loadHttp = async (): Promise<HttpServer> => {
    const { createServer: createHttpServer } = await import('node:http');
    const server = createHttpServer({ keepAlive: false }, (request, response) => {
      handle(request, response).catch(() => response.destroy());
    });
    server.on('clientError', (_error, socket) => void socket.destroy());
    return server;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // Of a request that broke off it can't be asked any more.
    const { socket } = request;
    const gone = new AbortController();
    response.on('error', () => undefined);
    response.once('close', () => gone.abort());
    const reply = await replyTo(run, request, gone.signal).catch(
      (error: unknown): Reply => problem(run.run, 500, 'internal', String(error)),
    );
    if (reply.kind !== 'stream') {
      socket.setTimeout(silentMs);
      return send(response, reply);
    }
    const stream = new JsonStream(response);
    streams.add(stream);
    stream.onClosed(() => void streams.delete(stream));
    reply.feed(stream);
  };

  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => void sockets.delete(socket));
    // A client that goes away is no trouble of ours.
    socket.on('error', () => undefined);
    socket.setTimeout(silentMs, () => void socket.destroy());
    http ??= loadHttp();
    void http.then((server) => server.emit('connection', socket));
  });
  listener.maxConnections = MOST_CLIENTS;
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(path, resolve);
  });
  listener.on('error', () => undefined);
  chmodSync(path, 0o600);

  return {
    async close(withinMs) {
      removeSocket(path);
      listener.close();
      for (const stream of streams) stream.end();
      await allClosed(sockets, withinMs);
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Another run may have taken its place. */
function removeSocket(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Somebody has removed it.
  }
}

async function allClosed(sockets: ReadonlySet<Socket>, withinMs: number): Promise<void> {
  const closing = [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, withinMs);
  });
  await Promise.race([Promise.all(closing), limit]);
  clearTimeout(timer);
}

async function replyTo(run: Controlled, request: IncomingMessage, signal: AbortSignal): Promise<Reply> {
  const { path, given } = targetOf(request);
  const body = await readBody(request);
  const found = findRoute(request.method ?? 'GET', path);
  if (found.kind === 'none') return problem(run.run, 404, 'not-found', `there is nothing at ${path}`);
  if (found.kind === 'wrong-method') return wrongMethod(run.run, path, found.allowed);
  if (body.kind === 'wrong') return problem(run.run, body.status, 'invalid', body.why);
  request.socket?.setTimeout(0);
  const { route } = found;
  const parsed = parseQuery(route.query ?? {}, given, route.path);
  if (!parsed.ok) return problem(run.run, 400, 'invalid', parsed.problems.join('; '));
  return route.answer(run, { path: found.path, query: parsed.query, body: body.value, signal });
}

/** Whatever is written there. A server takes a whole address too (RFC 9112, 3.2.2). */
function targetOf({ url = '/' }: IncomingMessage): {
  readonly path: string;
  readonly given: URLSearchParams;
} {
  const [, path = '', query = ''] = /^(?:https?:\/\/[^/?]*)?([^?]*)\??(.*)$/s.exec(url) ?? [];
  return { path, given: new URLSearchParams(query) };
}

type Body =
  | { readonly kind: 'read'; readonly value: unknown }
  | { readonly kind: 'wrong'; readonly status: number; readonly why: string };

/** It is read to its end, since who still writes doesn't hear an answer; one that is far too large is cut off instead. */
async function readBody(request: IncomingMessage): Promise<Body> {
  const { socket } = request;
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_READ_BYTES) {
      socket.destroy();
      break;
    }
    if (bytes <= MOST_BODY_BYTES) parts.push(part);
  }
  if (bytes > MOST_BODY_BYTES)
    return { kind: 'wrong', status: 413, why: `the body is larger than ${MOST_BODY_BYTES} bytes` };
  if (bytes === 0) return { kind: 'read', value: undefined };
  try {
    return { kind: 'read', value: JSON.parse(UTF_8.decode(Buffer.concat(parts))) };
  } catch {
    return { kind: 'wrong', status: 400, why: 'the body is no JSON, in UTF-8' };
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function send(response: ServerResponse, reply: Exclude<Reply, { readonly kind: 'stream' }>): void {
  const [type, body] =
    reply.kind === 'json'
      ? ['application/json', `${JSON.stringify(reply.body)}\n`]
      : [reply.type, reply.text];
  response.writeHead(reply.status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    connection: 'close',
    ...(reply.kind === 'json' && reply.allow !== undefined && { allow: reply.allow.join(', ') }),
  });
  response.end(body);
}
