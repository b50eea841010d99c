/**
 * A log file that is rotated by size, always between two lines, and found again when it was moved from outside.
 *
 * A name is looked up only between two lines, and at most once a second: what logrotate has moved gets the lines of
 * that second, as any program's would. Where a new file can't be had the old one goes on: a line is worth more than a
 * limit.
 */
import { rename, truncate, write } from 'node:fs';
import { promisify } from 'node:util';
import type { LogFile } from '../../config/types.ts';
import { closeFile, type FileEnd, type OpenLogfile, openLogfile, statOf } from './open.ts';

const writeFile = promisify(write);
const renameFile = promisify(rename);

export interface RotatingFile {
  readonly atLineStart: boolean;
  /** Writes some of these bytes, and says how many. Rejects with what the system says. One call at a time. */
  write(piece: Buffer): Promise<number>;
  close(): Promise<void>;
}

/** What it can't do while it goes on all the same. */
export type OnTrouble = (what: string, why: string) => void;

const NEWLINE = 0x0a;
/** How often a name is looked up, and how often what failed is tried again. */
const LOOK_MS = 1_000;

/** Owns the open file from now on. */
export function createRotatingFile(
  { path, maxBytes, keep }: LogFile,
  opened: OpenLogfile,
  onTrouble: OnTrouble,
  lookMs: number = LOOK_MS,
): RotatingFile {
  let file = opened;
  let end: FileEnd = opened.end;
  let lookAtMs = performance.now() + lookMs;
  let rotateAtMs = 0;

  async function begin(): Promise<void> {
    const old = file;
    file = await openLogfile(path);
    end = file.end;
    // What it says can't concern the new one.
    await closeFile(old.fd).catch(() => undefined);
  }

  /** Whose name it is now may be another file, or none. */
  async function look(): Promise<void> {
    lookAtMs = performance.now() + lookMs;
    try {
      const there = await statOf(path).catch(unlessMissing);
      if (there?.dev === file.dev && there.ino === file.ino) end = { ...end, size: there.size };
      else await begin();
    } catch (error) {
      onTrouble('cannot be opened again', (error as Error).message);
    }
  }

  async function rotate(): Promise<void> {
    try {
      await rotateFiles(path, keep);
      await begin();
    } catch (error) {
      rotateAtMs = performance.now() + lookMs;
      onTrouble('cannot be rotated, and grows on', (error as Error).message);
    }
  }

  /** What can't be rotated grows on, and is tried again later. */
  function limit(): number {
    return performance.now() < rotateAtMs ? Number.POSITIVE_INFINITY : maxBytes;
  }

  async function append(bytes: Buffer): Promise<number> {
    const { bytesWritten } = await writeFile(file.fd, bytes, 0, bytes.length, null);
    if (bytesWritten > 0) {
      end = { size: end.size + bytesWritten, atLineStart: bytes[bytesWritten - 1] === NEWLINE };
    }
    return bytesWritten;
  }

  return {
    get atLineStart() {
      return end.atLineStart;
    },
    async write(piece) {
      if (!file.isRegular) return append(piece);
      if (performance.now() >= lookAtMs) {
        if (!end.atLineStart) return append(restOfLine(piece));
        await look();
      }
      let cut = nextCut(piece, end, limit());
      // It may have been moved a moment ago.
      if (cut.kind === 'rotate') await look();
      cut = nextCut(piece, end, limit());
      if (cut.kind === 'rotate') await rotate();
      cut = nextCut(piece, end, limit());
      return append(cut.kind === 'rotate' ? piece : piece.subarray(0, cut.length));
    },
    close: () => closeFile(file.fd),
  };
}

function restOfLine(piece: Buffer): Buffer {
  const first = piece.indexOf(NEWLINE);
  return first === -1 ? piece : piece.subarray(0, first + 1);
}

export type Cut =
  /** Nothing of the piece fits any more: begin a new file, and ask again. */
  { readonly kind: 'rotate' } | { readonly kind: 'write'; readonly length: number };

/**
 * What to do with the next bytes, which may begin and end anywhere in a line. A file is larger than `maxBytes` only by
 * the rest of one line: a line that is longer than that has a file of its own.
 */
export function nextCut(piece: Buffer, { size, atLineStart }: FileEnd, maxBytes: number): Cut {
  if (size + piece.length <= maxBytes) return { kind: 'write', length: piece.length };
  const room = maxBytes - size;
  const last = room > 0 ? piece.lastIndexOf(NEWLINE, room - 1) : -1;
  if (last !== -1) return { kind: 'write', length: last + 1 };
  if (atLineStart && size > 0) return { kind: 'rotate' };
  const first = piece.indexOf(NEWLINE);
  return { kind: 'write', length: first === -1 ? piece.length : first + 1 };
}

/**
 * Makes room for a new log file: `file` becomes `file.1`, `file.1` becomes `file.2`, and so on up to `file.<keep>`,
 * whose predecessor is gone with that. `keep` 0: the file is emptied. Rejects with what the system says; what is done
 * by then stays done.
 */
export async function rotateFiles(path: string, keep: number): Promise<void> {
  if (keep === 0) return promisify(truncate)(path);
  for (let number = keep - 1; number > 0; number--) {
    await renameFile(`${path}.${number}`, `${path}.${number + 1}`).catch(unlessMissing);
  }
  await renameFile(path, `${path}.1`);
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
