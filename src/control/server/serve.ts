/**
 * The control socket: HTTP over a Unix socket in a folder that only this user may enter.
 *
 * It listens as soon as it is opened; what speaks HTTP is loaded when the first client comes. Whatever a client does or leaves
 * undone is that client's affair: sizes and times are bounded, and no fault of a route leaves this file.
 */
import { chmodSync, unlinkSync } from 'node:fs';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { type Controlled, problem, type Reply } from './controlled.ts';
import { findRoute } from './routes.ts';
import { JsonStream } from './stream.ts';

export interface ControlServer {
  /** Takes no more clients; those that follow are told all and the end. Settles within the limit. Never rejects. */
  close(withinMs: number): Promise<void>;
}

const MOST_CLIENTS = 256;
const MOST_BODY_BYTES = 256 * 1024;
/** How long a client may take for a whole request, and be silent between two. */
const REQUEST_MS = 10_000;

/** Rejects with the system's error if it can't listen there. */
export async function serve(path: string, run: Controlled): Promise<ControlServer> {
  const sockets = new Set<Socket>();
  const streams = new Set<JsonStream>();
  let http: Promise<HttpServer> | undefined;

  const loadHttp = async (): Promise<HttpServer> => {
    const { createServer: createHttpServer } = await import('node:http');
    const server = createHttpServer({ keepAlive: false }, (request, response) => {
      void handle(request, response);
    });
    server.on('clientError', (_error, socket) => void socket.destroy());
    return server;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gone = new AbortController();
    response.on('error', () => undefined);
    response.once('close', () => gone.abort());
    const reply = await replyTo(run, request, gone.signal).catch(
      (error: unknown): Reply => problem(run.run, 500, 'internal', String(error)),
    );
    if (reply.kind !== 'stream') return send(response, reply);
    request.socket.setTimeout(0);
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
    socket.setTimeout(REQUEST_MS, () => void socket.destroy());
    http ??= loadHttp();
    void http.then((server) => server.emit('connection', socket));
  });
  listener.maxConnections = MOST_CLIENTS;
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(path, resolve);
  });
  // As long as it listens the program goes on: a run of which everything is stopped waits for nothing but clients.
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
  const url = new URL(request.url ?? '/', 'http://orderly');
  const found = findRoute(request.method ?? 'GET', url.pathname);
  if (found.kind === 'none') return problem(run.run, 404, 'not-found', `there is nothing at ${url.pathname}`);
  if (found.kind === 'wrong-method')
    return problem(run.run, 405, 'wrong-method', `${url.pathname} takes ${found.allowed.join(', ')}`);
  const body = await readBody(request);
  if (body.kind === 'wrong') return problem(run.run, body.status, 'invalid', body.why);
  return found.route.answer(run, { path: found.path, query: url.searchParams, body: body.value, signal });
}

type Body =
  | { readonly kind: 'read'; readonly value: unknown }
  | { readonly kind: 'wrong'; readonly status: number; readonly why: string };

async function readBody(request: IncomingMessage): Promise<Body> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_BODY_BYTES)
      return { kind: 'wrong', status: 413, why: `the body is larger than ${MOST_BODY_BYTES} bytes` };
    parts.push(part);
  }
  if (bytes === 0) return { kind: 'read', value: undefined };
  try {
    return { kind: 'read', value: JSON.parse(Buffer.concat(parts).toString('utf8')) };
  } catch {
    return { kind: 'wrong', status: 400, why: 'the body is no JSON' };
  }
}

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
  });
  response.end(body);
}
