/**
 * Writes to a regular file or a device like /dev/null: at once, nothing is ever queued.
 *
 * Uses the descriptor itself, so that O_APPEND and a shared offset keep their meaning. What can't be written
 * (a full disk, a limit, a descriptor to read from) is dropped and counted, the trouble is told once, and each later
 * write is tried again.
 */
import { writeSync } from 'node:fs';
import { type BoundedWriter, countLines, type WriterHooks } from './bounded-writer.ts';
import { isReaderGone } from './queued.ts';

export interface FileWriterOptions {
  readonly hooks: WriterHooks;
  /** The system call; a test's own. */
  readonly writeSync?: (fd: number, chunk: Buffer, offset: number, length: number) => number;
}

const LINE_END = Buffer.from('\n');

export function createFileWriter(fd: number, options: FileWriterOptions): BoundedWriter {
  const { hooks } = options;
  const system = options.writeSync ?? writeSync;
  let closed = false;
  let told = false;
  let dropped = 0;
  let why = '';
  /** The last thing in the file is a part of a line. */
  let torn = false;

  function fail(error: NodeJS.ErrnoException, lines: number): void {
    // Of a file EIO is a fault of the disk.
    if (isReaderGone(error) && error.code !== 'EIO') {
      closed = true;
      hooks.onClosed();
      return;
    }
    dropped += lines;
    why = error.message;
    if (told) return;
    told = true;
    hooks.onTrouble(error.message);
  }

  function reportGap(): void {
    if (dropped === 0) return;
    const lines = dropped;
    dropped = 0;
    hooks.onDropped(lines, why);
  }

  function writeAll(chunk: Buffer): boolean {
    let offset = 0;
    try {
      if (torn) system(fd, LINE_END, 0, 1);
      torn = false;
      while (offset < chunk.length) offset += system(fd, chunk, offset, chunk.length - offset);
      return true;
    } catch (error) {
      if (offset > 0) torn = chunk[offset - 1] !== LINE_END[0];
      fail(error as NodeJS.ErrnoException, countLines(chunk.subarray(offset)));
      return false;
    }
  }

  return {
    pendingBytes: 0,
    full: false,
    get closed() {
      return closed;
    },
    write(chunk) {
      if (closed) return false;
      if (!writeAll(chunk)) return false;
      reportGap();
      return true;
    },
    async drained() {
      reportGap();
    },
    async flush() {
      reportGap();
    },
    close() {
      closed = true;
    },
  };
}
