/**
 * A single attempt at a Unix socket: does somebody accept a connection there. No connection outlives its attempt.
 */
import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import type { Attempt, OwnerCheck, PathAttempt } from '../ports.ts';
import { parseUnixSockets } from '../sockets/unix-sockets.ts';

/** What an address holds (unix(7)). Longer paths are cut without a word by some releases of Node. */
const LONGEST_PATH_BYTES = 107;

export async function connectPath(
  path: string,
  signal: AbortSignal,
  ownerOf?: OwnerCheck,
): Promise<PathAttempt> {
  const address = openAddress(path);
  if ('why' in address) return notReached(address.why);
  try {
    return await connectOnce<PathAttempt>({
      to: { path: address.path },
      signal,
      givenUp: notReached('given up'),
      accepted: async () => (await objection(path, ownerOf)) ?? ACCEPTED,
      refused: (error) => judge(path, error),
    });
  } finally {
    address.close();
  }
}

async function objection(path: string, ownerOf: OwnerCheck | undefined): Promise<Attempt | undefined> {
  const owner = await ownerOf?.({ path });
  return owner?.kind === 'not-own' ? notReached(owner.detail) : undefined;
}

function judge(path: string, { code = '', message }: NodeJS.ErrnoException): PathAttempt {
  switch (code) {
    case 'ECONNREFUSED':
      return notReached('nobody listens at this socket');
    case 'ENOENT':
    case 'ENOTDIR':
      return notReached('does not exist');
    case 'ENOTSOCK':
      return notReached('it is no socket');
    // Its queue is full, or it takes datagrams: somebody has it.
    case 'EAGAIN':
      return { ok: false, detail: 'its queue of connections is full', isHeld: true };
    case 'EPROTOTYPE':
      return { ok: false, detail: 'it is no stream socket', isHeld: true };
    case 'EACCES':
    case 'EPERM':
      return { ok: false, detail: 'permission denied', isHeld: isBound(path) };
    default:
      return notReached(message);
  }
}

/** Whom it doesn't let in may still see that it is there. */
function isBound(path: string): boolean {
  try {
    return parseUnixSockets(readFileSync('/proc/net/unix', 'utf8')).some((socket) => socket.path === path);
  } catch {
    // Without /proc nothing is known: it exists, and that is all.
    return true;
  }
}

/** A path that is too long is reached by way of its folder. */
function openAddress(
  path: string,
): { readonly path: string; readonly close: () => void } | { readonly why: string } {
  if (Buffer.byteLength(path) <= LONGEST_PATH_BYTES) return { path, close: () => undefined };
  try {
    const fd = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
    const short = `/proc/self/fd/${fd}/${basename(path)}`;
    const close = (): void => closeSync(fd);
    if (Buffer.byteLength(short) <= LONGEST_PATH_BYTES) return { path: short, close };
    close();
    return { why: 'its name is too long for a socket' };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { why: code === 'ENOENT' || code === 'ENOTDIR' ? 'does not exist' : message };
  }
}

function notReached(detail: string): Attempt {
  return { ok: false, detail };
}

// A single attempt at a connection. None outlives its attempt.

export const ACCEPTED: Attempt = { ok: true, detail: 'accepted a connection' };

interface ConnectOnce<Result> {
  readonly to: NetConnectOpts;
  /** Ends the attempt with `givenUp`. */
  readonly signal: AbortSignal;
  readonly givenUp: Result;
  /** The connection stays open until that settles. Must not reject. */
  accepted(socket: Socket): Promise<Result>;
  refused(error: NodeJS.ErrnoException): Result;
}

/** Never rejects. */
export function connectOnce<Result>(attempt: ConnectOnce<Result>): Promise<Result> {
  const { to, signal, givenUp } = attempt;
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(givenUp);
    const socket = connect(to);
    const end = (result: Result): void => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve(result);
    };
    const abort = (): void => end(givenUp);
    signal.addEventListener('abort', abort, { once: true });
    let isAccepted = false;
    socket.once('connect', async () => {
      isAccepted = true;
      end(await attempt.accepted(socket));
    });
    // Also after the end: a socket that is being destroyed may still fail, and one that was accepted be cut.
    socket.on('error', (error) => {
      if (!isAccepted) end(attempt.refused(error));
    });
  });
}
