/**
 * Reads what a program writes: chunk by chunk, and at its end what is there in one go.
 *
 * All readers share one buffer, since a chunk is passed on before the next one is read: it belongs to the receiver for
 * the time of the call only. An idle reader holds no buffer.
 */
import { readSync } from 'node:fs';
import { Socket, type SocketConstructorOpts } from 'node:net';
import { ReadStream } from 'node:tty';
import { readSlices } from './read-slices.ts';

export interface PipeReader {
  /**
   * Passes on what was written up to now, without waiting for who still holds the other end. Not for use inside
   * `onChunk`.
   */
  drain(): void;
  /** Stops reading until told to go on, so that who writes waits once the pipe is full. A drain reads all the same. */
  hold(held: boolean): void;
  /** Passes on what is there, stops reading and closes; `onEnd` is called if it wasn't. */
  close(): void;
}

export interface PipeReceiver {
  onChunk(chunk: Buffer): void;
  /** Once: nothing comes any more. */
  onEnd(): void;
}

/** As much as a pipe holds by default. */
const CHUNK_BYTES = 65_536;
/** As much as a pipe can be made to hold by an ordinary user: more than that was written after the drain began. */
const MOST_BYTES = 1_048_576;

let shared: Buffer | undefined;

function sharedBuffer(): Buffer {
  shared ??= Buffer.allocUnsafeSlow(CHUNK_BYTES);
  return shared;
}

/** Owns the descriptor. */
export function readDescriptor(fd: number, receiver: PipeReceiver): PipeReader {
  return readBy((options) => new Socket({ ...options, fd }), fd, receiver);
}

/** Owns the descriptor, our end of a pseudo-terminal; that nobody has its other end open is the end. */
export function readTerminal(fd: number, receiver: PipeReceiver): PipeReader {
  return readBy((options) => new ReadStream(fd, options), fd, receiver);
}

function readBy(
  open: (options: SocketConstructorOpts) => Socket,
  fd: number,
  receiver: PipeReceiver,
): PipeReader {
  const buffer = sharedBuffer();
  const pass = inSlices(() => socket, receiver);
  const options = {
    readable: true,
    writable: false,
    // Known to the constructor since Node 12, but not to its types.
    onread: {
      buffer,
      callback: (length: number) => {
        pass(buffer.subarray(0, length));
        return true;
      },
    },
  };
  const socket = open(options);
  socket.resume();
  return createReader(socket, () => fd, receiver);
}

/** Owns the socket, which nobody else reads. */
export function readSocket(socket: Socket, receiver: PipeReceiver): PipeReader {
  socket.on(
    'data',
    inSlices(() => socket, receiver),
  );
  // What it had read before it was held; reading it hands it on.
  const flush = (): void => {
    while (socket.read() !== null);
  };
  return createReader(socket, () => descriptorOf(socket), receiver, flush);
}

/** Passes on what the loop has read; the reading rests once this turn's slice is over. */
function inSlices(socketOf: () => Socket, receiver: PipeReceiver): (chunk: Buffer) => void {
  return (chunk) => {
    readSlices.begin();
    receiver.onChunk(chunk);
    const socket = socketOf();
    // Who is paused already is held.
    if (!readSlices.isOver || socket.isPaused()) return;
    socket.pause();
    readSlices.rest(() => socket.resume());
  };
}

function createReader(
  socket: Socket,
  fd: () => number | undefined,
  receiver: PipeReceiver,
  flush: () => void = () => {},
): PipeReader {
  let ended = false;
  let held = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    receiver.onEnd();
  };
  socket.once('end', end);
  socket.once('close', end);
  // A read error ends the stream, with 'close'.
  socket.on('error', () => {});
  // Node goes on with every socket of a child that has ended.
  socket.on('resume', () => held && socket.pause());
  const drain = (): void => {
    if (ended || socket.destroyed) return;
    if (held) flush();
    const descriptor = fd();
    if (descriptor === undefined || !drainDescriptor(descriptor, receiver)) return;
    // All ends are closed: the loop need not find that out again.
    socket.destroy();
    end();
  };
  return {
    drain,
    hold(next) {
      if (next === held) return;
      held = next;
      if (ended || socket.destroyed) return;
      if (held) socket.pause();
      else socket.resume();
    },
    close() {
      // A busy machine may look at its timers before it looks at what was written.
      drain();
      socket.destroy();
      end();
    },
  };
}

/** True: nothing will come any more. */
function drainDescriptor(fd: number, receiver: PipeReceiver): boolean {
  const buffer = sharedBuffer();
  for (let total = 0; total < MOST_BYTES; ) {
    const length = readNow(fd, buffer);
    if (length === undefined) return false;
    if (length === 0) return true;
    total += length;
    receiver.onChunk(buffer.subarray(0, length));
  }
  return false;
}

/** 0: the end; undefined: nothing is there now. */
function readNow(fd: number, buffer: Buffer): number | undefined {
  try {
    return readSync(fd, buffer);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EBADF') throw error;
    // Nobody has the other end of a pseudo-terminal open.
    return code === 'EIO' ? 0 : undefined;
  }
}

/** Node does not publish it; without it the drain is left to the loop. */
function descriptorOf(socket: Socket): number | undefined {
  const { _handle: handle } = socket as Socket & { readonly _handle?: { readonly fd?: number } | null };
  const fd = handle?.fd;
  return fd !== undefined && fd >= 0 ? fd : undefined;
}
