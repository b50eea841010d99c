/**
 * Writes lines to a log file without ever waiting for the disk.
 *
 * Lines wait in a queue with a cap and are written in the thread pool, one piece after the other: a disk that stands
 * still or is full costs lines, which are counted, and nothing else. What fails is told once and tried again with the
 * next piece. It begins with an open file and ends with `finish`.
 */
import type { LogFile } from '../../config/types.ts';
import { createPrefixer } from '../lines/prefixer.ts';
import { FLUSH_LIMIT_MS, type Output } from '../output.ts';
import { countLines, QUEUE_CAP_BYTES } from '../writers/bounded-writer.ts';
import { createLineQueue } from '../writers/line-queue.ts';
import type { OpenLogfile } from './open.ts';
import { createRotatingFile } from './rotating-file.ts';

export interface LogfileHooks {
  /** So many lines are missing; told when writing works again, at most once a second. No `why`: too slow. */
  onDropped(lines: number, why?: string): void;
  /** What doesn't work, a clause fit after the file's name, and why; told once for each thing. */
  onTrouble(what: string, why: string): void;
  onFull?(full: boolean): void;
  holds?(): boolean;
}

export interface LogfileOptions {
  readonly file: LogFile;
  /** Owned by the writer from now on. */
  readonly opened: OpenLogfile;
  readonly hooks: LogfileHooks;
  /** How long a name is taken to be the file's after it was looked up; 1 s if not given. */
  readonly lookMs?: number;
}

export interface LogfileWriter {
  /** Takes whole lines; the chunk is the caller's again after the call. */
  write(lines: Buffer): void;
  /** Settles when everything is written, or what is left was given up at the limit. Call once. Never rejects. */
  finish(timeoutMs: number): Promise<void>;
}

const NEWLINE = 0x0a;
const LINE_END = Buffer.from('\n');
const TELL_MS = 1_000;

export function createLogfileWriter({ file, opened, hooks, lookMs }: LogfileOptions): LogfileWriter {
  const told = new Set<string>();
  const target = createRotatingFile(file, opened, tellTrouble, lookMs);
  const queue = createLineQueue(QUEUE_CAP_BYTES, { ...hooks, onDropped: lose });
  let lost = 0;
  let why: string | undefined;
  let tellAtMs = 0;
  /** The file ends in the middle of a line whose rest is lost. */
  let torn = !target.atLineStart;
  /** The queue begins in the middle of a line whose start is lost. */
  let headless = false;
  let pumping = false;
  let pumped = Promise.resolve();
  let givenUp = false;

  function tellTrouble(what: string, reason: string): void {
    if (told.has(what)) return;
    told.add(what);
    hooks.onTrouble(what, reason);
  }

  function lose(lines: number, reason?: string): void {
    lost += lines;
    why = reason;
  }

  function tellLoss(): void {
    if (lost === 0) return;
    const lines = lost;
    lost = 0;
    tellAtMs = performance.now() + TELL_MS;
    hooks.onDropped(lines, why);
  }

  async function pump(): Promise<void> {
    pumping = true;
    for (let piece = queue.head(); piece !== undefined && !givenUp; piece = queue.head()) {
      if (headless) dropRestOfLine(piece);
      else await writeSome(piece);
    }
    pumping = false;
  }

  async function writeSome(piece: Buffer): Promise<void> {
    try {
      // A line of its own for what comes, also after a run that was killed in the middle of one.
      if (torn) await target.write(LINE_END);
      torn = false;
      const written = await target.write(piece);
      if (givenUp) return;
      queue.shift(written);
      if (lost > 0 && performance.now() >= tellAtMs) tellLoss();
    } catch (error) {
      const { message } = error as Error;
      tellTrouble('cannot be written to', message);
      torn = !target.atLineStart;
      drop(piece, message);
    }
  }

  function drop(piece: Buffer, reason: string): void {
    if (givenUp) return;
    lose(countLines(piece), reason);
    headless = piece[piece.length - 1] !== NEWLINE;
    queue.shift(piece.length);
  }

  function dropRestOfLine(piece: Buffer): void {
    const first = piece.indexOf(NEWLINE);
    headless = first === -1;
    if (!headless) lose(1, why);
    queue.shift(headless ? piece.length : first + 1);
  }

  return {
    write(lines) {
      if (queue.push(lines) && !pumping) pumped = pump();
    },
    async finish(timeoutMs) {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      await Promise.race([pumped, limit]);
      clearTimeout(timer);
      givenUp = pumping;
      queue.clear(why);
      tellLoss();
      // A write that hangs still has the descriptor.
      if (!givenUp) await target.close().catch(unimportant);
    },
  };
}

/** Everything was written before. */
function unimportant(): void {}

// The log files of a run: every line of a service goes into its file as it is, whole, beside what is printed.
//
// Both streams of a service share its file. It knows nothing of events, nor of services that write to their file
// themselves.

/**
 * An output for the services that have a writer here, which may change from line to line. `finishWriters` settles when all is
 * written, or was given up at the limit.
 */
export function createLogFiles(
  writers: ReadonlyMap<string, LogfileWriter>,
  finishWriters: (withinMs: number) => Promise<void>,
): Output {
  const lines = createPrefixer({
    prefixOf: () => '',
    write: (whole, service) => writers.get(service)?.write(whole),
  });
  return {
    onEvent: () => undefined,
    onLog(service, attempt, stream, chunk, command) {
      if (writers.has(service)) lines.add(service, attempt, stream, chunk, command);
    },
    async finish(withinMs = FLUSH_LIMIT_MS) {
      lines.end();
      await finishWriters(withinMs);
    },
  };
}
