/**
 * Writes to a pipe or a stream socket without ever waiting for its reader.
 *
 * A chunk is written at once, straight to the descriptor; only what the pipe has no room for goes through a socket
 * object, which the event loop wakes when there is room (epoll: no polling). The descriptor must be this writer's
 * own and not block (`open.ts`); it is closed with the writer.
 */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { BoundedWriter } from './bounded-writer.ts';
import { createQueuedWriter, type QueuedWriterOptions } from './queued.ts';

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
