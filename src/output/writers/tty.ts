/**
 * Writes to a terminal that may be stopped (Ctrl-S) or slow, without ever waiting for it.
 *
 * Writes run one after the other in the thread pool: a virtual console draws its characters inside write(2), whatever
 * O_NONBLOCK says. A terminal can't be watched with epoll through Node, so one without room is tried again after 1 ms,
 * and a stopped one ever less often, down to every 20 ms, but only while something is queued. The descriptor must be
 * this writer's own and not block (`open.ts`).
 */
import { close, write } from 'node:fs';
import type { BoundedWriter } from './bounded-writer.ts';
import { createQueuedWriter, type QueuedWriterOptions } from './queued.ts';

const FIRST_RETRY_MS = 1;
const LAST_RETRY_MS = 20;

/** `keepOpen`: the descriptor is shared with others, and stays open when the writer ends. */
export function createTtyWriter(fd: number, options: QueuedWriterOptions, keepOpen = false): BoundedWriter {
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
