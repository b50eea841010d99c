/**
 * Writes a text that a command is asked for, or a sentence, straight to a descriptor: whole and in order, and never
 * throws. What can't be written is left out.
 *
 * A descriptor that takes nothing now (somebody made it non-blocking) is given some time; a reader that is gone needs
 * no word.
 */
import { writeSync } from 'node:fs';
import { isReaderGone } from './queued.ts';

export interface TextWriting {
  /** For how long nothing need be taken until the rest is given up. */
  readonly patienceMs: number;
  /** The system call, and a pause; a test's own. */
  readonly writeSync?: (fd: number, bytes: Uint8Array, from: number) => number;
  readonly pause?: (ms: number) => void;
}

const PAUSE_MS = 5;

/** Why not all of it was written, in the system's words; undefined: it was, or nobody reads it. */
export function writeText(fd: number, text: string, writing: TextWriting): string | undefined {
  const system = writing.writeSync ?? writeSync;
  const pause = writing.pause ?? sleepNow;
  const bytes = Buffer.from(text);
  let pausedMs = 0;
  for (let at = 0; at < bytes.length; ) {
    try {
      const written = system(fd, bytes, at);
      if (written > 0) pausedMs = 0;
      at += written;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EINTR') continue;
      if (code !== 'EAGAIN' || pausedMs >= writing.patienceMs)
        return isReaderGone(error as NodeJS.ErrnoException) ? undefined : message;
      pause(PAUSE_MS);
      pausedMs += PAUSE_MS;
    }
  }
  return undefined;
}

function sleepNow(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
