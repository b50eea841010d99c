/**
 * A single attempt at a connection. None outlives its attempt.
 */
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import type { Attempt } from '../ports.ts';

export const ACCEPTED: Attempt = { ok: true, detail: 'accepted a connection' };

export interface ConnectOnce<Result> {
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
