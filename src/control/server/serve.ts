/**
 * The control socket: HTTP over a Unix socket in a folder that only this user may enter. The same is served at other
 * entrances.
 *
 * It listens as soon as it is opened; what speaks HTTP is loaded when the first client comes. Whatever a client does or
 * leaves undone is that client's affair: sizes and times are bounded, and no fault of a route leaves this file.
 */
import { chmodSync, unlinkSync } from 'node:fs';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Controlled, problem, type Reply, type WholeReply, wrongMethod } from './controlled.ts';
import { parseQuery } from './parse-query.ts';
import { type Received, receive } from './receive.ts';
import { findRoute } from './routes.ts';
import { JsonStream } from './stream.ts';

export interface ControlServer {
  /** Takes no more clients; those that follow are told all and the end. Settles within the limit. Never rejects. */
  close(withinMs: number): Promise<void>;
}

export interface ServeOptions {
  /** How long a client may be silent where it should write or read. */
  readonly silentMs?: number;
  /** One has come, and may not be the only one. */
  readonly onClient?: () => void;
}

/** So many are served at once; as many again are told that there are too many. */
const MOST_CLIENTS = 256;
/** How long a client may take for a whole request, and be silent where it should read. What it waits for may take its time. */
const REQUEST_MS = 10_000;
/** How long one that is turned away may take to read why. */
const PARTING_MS = 1_000;

/** Rejects with the system's error if it can't listen there. */
export async function serve(path: string, run: Controlled, options?: ServeOptions): Promise<ControlServer> {
  const server = await serveAt({ at: { path }, tells: run.run }, run, options);
  chmodSync(path, 0o600);
  return {
    close(withinMs) {
      removeSocket(path);
      return server.close(withinMs);
    },
  };
}

/** Where clients come in. */
export interface Entrance {
  readonly at: { readonly path: string } | { readonly host: string; readonly port: number };
  /** Nobody is answered before; left out: at once. */
  readonly begun?: Promise<void>;
  /** What a request is answered by its head alone, whatever its body is; undefined: it may ask. Left out: all may. */
  readonly gate?: (request: IncomingMessage) => WholeReply | undefined;
  /** What whoever has asked nothing yet is told to be the run. */
  readonly tells: string;
}

/** The same at any entrance; `address`: where it listens. */
export async function serveAt(
  { at, begun, gate, tells }: Entrance,
  run: Controlled,
  { silentMs = REQUEST_MS, onClient = () => undefined }: ServeOptions = {},
): Promise<ControlServer & { address(): AddressInfo | string | null }> {
  const sockets = new Set<Socket>();
  /** Those that have not asked yet, with the end of our patience. */
  const asking = new Map<Socket, NodeJS.Timeout>();
  const streams = new Set<JsonStream>();
  let http: Promise<HttpServer> | undefined;

  const loadHttp = async (): Promise<HttpServer> => {
    await begun;
    const { createServer: createHttpServer } = await import('node:http');
    const server = createHttpServer((request, response) => {
      handle(request, response).catch(() => response.destroy());
    });
    server.on('clientError', (_error, socket) => {
      // In the middle of an answer nothing can be said.
      if (!asking.has(socket as Socket) || !socket.writable) socket.destroy();
      else turnAway(socket, 400, problem(tells, 400, 'invalid', 'that is no HTTP request'));
    });
    return server;
  };

  const heard = (socket: Socket): void => {
    clearTimeout(asking.get(socket));
    asking.delete(socket);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { socket } = request;
    const gone = new AbortController();
    response.on('error', () => undefined);
    response.once('close', () => gone.abort());
    const stopped = gate?.(request);
    if (stopped !== undefined) {
      heard(socket);
      return answer(socket, response, stopped);
    }
    // From here on the silence is ours.
    const received = await receive(request).finally(() => heard(socket));
    const reply = received.ok
      ? await replyTo(run, request.method ?? 'GET', received, gone.signal)
      : problem(run.run, received.status, 'invalid', received.why);
    if (reply.kind !== 'stream') return answer(socket, response, reply);
    const stream = new JsonStream(response);
    streams.add(stream);
    stream.onClosed(() => void streams.delete(stream));
    await stream.feed(reply.feed);
  };

  const answer = (socket: Socket, response: ServerResponse, reply: WholeReply): void => {
    socket.setTimeout(silentMs, () => void socket.destroy());
    send(response, reply);
  };

  const listener = createServer((socket) => {
    onClient();
    // A client that goes away is no trouble of ours.
    socket.on('error', () => undefined);
    if (sockets.size >= MOST_CLIENTS)
      return turnAway(socket, 503, problem(tells, 503, 'busy', 'too many clients ask at the same time'));
    sockets.add(socket);
    asking.set(
      socket,
      setTimeout(() => void socket.destroy(), silentMs),
    );
    socket.once('close', () => {
      heard(socket);
      sockets.delete(socket);
    });
    http ??= loadHttp();
    void http.then((server) => server.emit('connection', socket));
  });
  listener.maxConnections = 2 * MOST_CLIENTS;
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(at, resolve);
  });
  listener.on('error', () => undefined);
  // It keeps no run alive.
  listener.unref();

  return {
    address: () => listener.address(),
    async close(withinMs) {
      listener.close();
      // Nobody waits for who has asked nothing.
      for (const socket of asking.keys()) socket.destroy();
      for (const stream of streams) stream.finish();
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

/** Never rejects. */
async function replyTo(
  run: Controlled,
  method: string,
  { path, given, body, client }: Received & { readonly ok: true },
  signal: AbortSignal,
): Promise<Reply> {
  const found = findRoute(method, path);
  if (found.kind === 'none') return problem(run.run, 404, 'not-found', `there is nothing at ${path}`);
  if (found.kind === 'wrong-method') return wrongMethod(run.run, path, found.allowed);
  const { route } = found;
  const parsed = parseQuery(route.query ?? {}, given, route.path);
  if (!parsed.ok) return problem(run.run, 400, 'invalid', parsed.problems.join('; '));
  try {
    return await route.answer(run, { path: found.path, query: parsed.query, body, client, signal });
  } catch (error) {
    return problem(run.run, 500, 'internal', String(error));
  }
}

function send(response: ServerResponse, reply: WholeReply): void {
  const { type, text } = written(reply);
  response.writeHead(reply.status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    connection: 'close',
    ...(reply.kind === 'json' && reply.allow !== undefined && { allow: reply.allow.join(', ') }),
    // RFC 9110, 15.5.2.
    ...(reply.status === 401 && { 'www-authenticate': 'Bearer' }),
  });
  response.end(text);
}

/** Whoever has not got as far as a request is told why it will not be served. */
function turnAway(socket: Duplex, status: 400 | 503, reply: WholeReply): void {
  const { type, text } = written(reply);
  const head = [
    `HTTP/1.1 ${status} ${status === 400 ? 'Bad Request' : 'Service Unavailable'}`,
    `content-type: ${type}`,
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ];
  const late = setTimeout(() => void socket.destroy(), PARTING_MS);
  socket.once('close', () => clearTimeout(late));
  // What it still sends is thrown away: closed on it, the answer could be lost.
  socket.resume();
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
}

function written(reply: WholeReply): { type: string; text: string } {
  if (reply.kind === 'text') return reply;
  return { type: 'application/json', text: `${JSON.stringify(reply.body)}\n` };
}
