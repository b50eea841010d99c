/**
 * A writer for what may stall: bytes go out at once if they can, else they wait in a queue with a cap.
 *
 * How bytes reach the descriptor is the transport's affair (`open.ts`). There is at most one
 * piece under way, so order is kept; nothing here polls.
 */
import { type BoundedWriter, countLines, QUEUE_CAP_BYTES, type WriterHooks } from './bounded-writer.ts';
import { createLineQueue } from './line-queue.ts';

export interface Transport {
  /** Writes what goes without waiting and returns how much that was. Throws what the system says, but not EAGAIN. */
  writeNow(chunk: Buffer): number;
  /** Writes some of the piece when there is room. `done` comes once, in a later turn. */
  writeLater(
    piece: Buffer,
    done: (error: NodeJS.ErrnoException | null | undefined, written: number) => void,
  ): void;
  /** Lets go of the descriptor and forgets what is under way. Harmless when repeated. */
  release(): void;
}

export interface QueuedWriterOptions {
  readonly hooks: WriterHooks;
  readonly capBytes?: number;
}

/** Errors that mean that nobody will ever read this again: the pipe's reader or the terminal is gone. */
export function isReaderGone(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE' || error.code === 'EIO' || error.code === 'ECONNRESET';
}

export function createQueuedWriter(transport: Transport, options: QueuedWriterOptions): BoundedWriter {
  const { hooks } = options;
  const queue = createLineQueue(options.capBytes ?? QUEUE_CAP_BYTES, hooks);
  let closed = false;
  let underWay = false;
  let onIdle: (() => void)[] = [];
  let told = false;
  /** What the last trouble was, and how many lines it has cost since that was told. */
  let why: string | undefined;
  let lost = 0;

  function idle(): void {
    const waiting = onIdle;
    onIdle = [];
    for (const settle of waiting) settle();
  }

  function close(why?: string): void {
    if (closed) return;
    closed = true;
    transport.release();
    queue.clear(why);
    idle();
  }

  /** Of another error than an absent reader: nobody is to end for that. */
  function tellTrouble({ message }: Error): void {
    why = message;
    if (told) return;
    told = true;
    hooks.onTrouble(message);
  }

  /** The descriptor is of no use any more. */
  function fail(error: NodeJS.ErrnoException): void {
    if (closed) return;
    const gone = isReaderGone(error);
    if (!gone) tellTrouble(error);
    close(gone ? 'its reader is gone' : error.message);
    if (gone) hooks.onClosed();
  }

  /** Lines that nobody will read need no count; others do. */
  function lose(chunk: Buffer): false {
    if (why !== undefined) lost += countLines(chunk);
    return false;
  }

  function tellLoss(): void {
    if (lost === 0) return;
    const lines = lost;
    lost = 0;
    hooks.onDropped(lines, why);
  }

  function pump(): void {
    if (underWay || closed) return;
    const piece = queue.head();
    if (piece === undefined) {
      idle();
      return;
    }
    underWay = true;
    transport.writeLater(piece, (error, written) => {
      underWay = false;
      if (closed) return;
      if (error) return fail(error);
      queue.shift(written);
      pump();
    });
  }

  async function drained(timeoutMs: number): Promise<void> {
    if (closed || queue.bytes === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      onIdle.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  return {
    drained,
    close: () => close(),
    get pendingBytes() {
      return queue.bytes;
    },
    get full() {
      return queue.full;
    },
    get closed() {
      return closed;
    },
    write(chunk) {
      if (closed) return lose(chunk);
      if (queue.bytes > 0) return queue.push(chunk);
      let written: number;
      try {
        written = transport.writeNow(chunk);
      } catch (error) {
        if (isReaderGone(error as NodeJS.ErrnoException)) fail(error as NodeJS.ErrnoException);
        else tellTrouble(error as Error);
        return lose(chunk);
      }
      if (written > 0) tellLoss();
      if (written === chunk.length) return true;
      const taken = queue.push(chunk.subarray(written), written > 0);
      pump();
      return taken;
    },
    async flush(timeoutMs) {
      await drained(timeoutMs);
      tellLoss();
      if (queue.bytes > 0) close();
    },
  };
}
