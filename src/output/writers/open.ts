/**
 * Finds out what stdout and stderr are, and opens for each the writer that can't block.
 *
 * A pipe or a terminal is opened anew through /proc: O_NONBLOCK belongs to the open description, which the shell and
 * other programs share. Where that is refused (a socket, another user's terminal, no /proc) the descriptor itself is
 * used. If both lead to the same terminal or pipe they get one writer, so that their lines keep order and stay whole.
 */
import { close, constants, fstatSync, openSync, type Stats, write, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { isatty } from 'node:tty';
import type { BoundedWriter, WriterHooks } from './bounded-writer.ts';
import { createFileWriter } from './file.ts';
import { createQueuedWriter, type QueuedWriterOptions } from './queued.ts';

export interface OpenedWriter {
  readonly writer: BoundedWriter;
  readonly isTty: boolean;
}

export interface StandardWriters {
  readonly stdout: OpenedWriter;
  /** The same object as `stdout` if both lead to one terminal, pipe or socket. */
  readonly stderr: OpenedWriter;
}

type Kind = 'tty' | 'stream' | 'file';

const OWN_DESCRIPTION = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * Opens the writers of descriptors 1 and 2; `onTrouble` gets a whole sentence. A shared writer tells the hooks of
 * `stdout` only. Never throws.
 */
export function openStandardWriters(
  hooks: { readonly stdout: WriterHooks; readonly stderr: WriterHooks },
  fds: { readonly stdout: number; readonly stderr: number } = { stdout: 1, stderr: 2 },
): StandardWriters {
  const stdout = openWriter(fds.stdout, withSentences('stdout', hooks.stdout));
  if (leadToSamePlace(fds.stdout, fds.stderr)) return { stdout, stderr: stdout };
  return { stdout, stderr: openWriter(fds.stderr, withSentences('stderr', hooks.stderr)) };
}

/**
 * Opens a writer for an open descriptor. Where the descriptor itself has to be used, it may be closed with the writer,
 * but never 1 and 2: libuv leaves those open.
 */
export function openWriter(fd: number, hooks: WriterHooks): OpenedWriter {
  const kind = kindOf(fd);
  if (kind === 'file') return { writer: createFileWriter(fd, { hooks }), isTty: false };
  const own = reopen(fd);
  if (kind === 'tty') {
    return { writer: createTtyWriter(own ?? fd, { hooks }, own === undefined), isTty: true };
  }
  return { writer: openStream(own ?? fd, fd, hooks), isTty: false };
}

function withSentences(name: string, hooks: WriterHooks): WriterHooks {
  const onTrouble = (why: string) =>
    hooks.onTrouble(`Cannot write to ${name}: ${why}; what doesn't go out is dropped`);
  return { ...hooks, onTrouble };
}

function openStream(own: number, fd: number, hooks: WriterHooks): BoundedWriter {
  try {
    return createPipeWriter(own, { hooks });
  } catch {
    // A datagram socket, say: there is no stream to wait for. What it doesn't take either is told with the first line.
    return createFileWriter(fd, { hooks });
  }
}

function kindOf(fd: number): Kind {
  if (isatty(fd)) return 'tty';
  const stats = statOf(fd);
  return stats?.isFIFO() || stats?.isSocket() ? 'stream' : 'file';
}

/**
 * Undefined: refused, as it is for sockets (ENXIO), for pipes and terminals of another user (EACCES), without /proc.
 */
function reopen(fd: number): number | undefined {
  try {
    return openSync(`/proc/self/fd/${fd}`, OWN_DESCRIPTION);
  } catch {
    return undefined;
  }
}

function leadToSamePlace(first: number, second: number): boolean {
  const kind = kindOf(first);
  if (kind === 'file' || kind !== kindOf(second)) return false;
  const [a, b] = [statOf(first), statOf(second)];
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino && a.rdev === b.rdev;
}

function statOf(fd: number): Stats | undefined {
  try {
    return fstatSync(fd);
  } catch {
    return undefined;
  }
}

// Writes to a pipe or a stream socket without ever waiting for its reader.
//
// A chunk is written at once, straight to the descriptor; only what the pipe has no room for goes through a socket
// object, which the event loop wakes when there is room (epoll: no polling). The descriptor must be this writer's
// own and not block (`open.ts`); it is closed with the writer.

/** Throws `ERR_INVALID_FD_TYPE` if the descriptor is neither a pipe nor a stream socket. */
export function createPipeWriter(fd: number, options: QueuedWriterOptions): BoundedWriter {
  // This sets O_NONBLOCK, should the descriptor be a shared one.
  const socket = new Socket({ fd, readable: false, writable: true });
  // The callback of the write gets the same error; without a listener it would be thrown.
  socket.on('error', () => undefined);
  return createQueuedWriter(
    {
      writeNow(chunk) {
        try {
          return writeSync(fd, chunk);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
          throw error;
        }
      },
      writeLater(piece, done) {
        socket.write(piece, (error) => done(error, piece.length));
      },
      release() {
        socket.destroy();
      },
    },
    options,
  );
}

// Writes to a terminal that may be stopped (Ctrl-S) or slow, without ever waiting for it.
//
// Writes run one after the other in the thread pool: a virtual console draws its characters inside write(2), whatever
// O_NONBLOCK says. A terminal can't be watched with epoll through Node, so one without room is tried again after 1 ms,
// and a stopped one ever less often, down to every 20 ms, but only while something is queued. The descriptor must be
// this writer's own and not block (`open.ts`).

const FIRST_RETRY_MS = 1;
const LAST_RETRY_MS = 20;

/** `keepOpen`: the descriptor is shared with others, and stays open when the writer ends. */
function createTtyWriter(fd: number, options: QueuedWriterOptions, keepOpen = false): BoundedWriter {
  let retry: NodeJS.Timeout | undefined;
  let released = false;
  let writing = false;

  function closeFd(): void {
    if (!keepOpen) close(fd, () => undefined);
  }

  return createQueuedWriter(
    {
      writeNow: () => 0,
      writeLater(piece, done) {
        let delayMs = FIRST_RETRY_MS;
        const attempt = (): void => {
          writing = true;
          write(fd, piece, 0, piece.length, null, (error, written) => {
            writing = false;
            if (released) return closeFd();
            if (error?.code !== 'EAGAIN') return done(error, written);
            retry = setTimeout(attempt, delayMs);
            retry.unref();
            delayMs = Math.min(LAST_RETRY_MS, delayMs * 2);
          });
        };
        attempt();
      },
      release() {
        if (released) return;
        released = true;
        clearTimeout(retry);
        // A number that is closed during a write could be another file's by the time the write begins.
        if (!writing) closeFd();
      },
    },
    options,
  );
}
