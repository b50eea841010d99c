/**
 * What services wrote, for those who ask later, or listen: the last bytes of each service, and each new line as it comes.
 *
 * Lines are cut only when somebody wants them: until then a chunk costs one copy of what is kept of it.
 */
import type { StreamName } from '../../events/event.ts';
import { createLineCutter, type LineCutter, type LogLine } from '../../output/lines/line-cutter.ts';
import type { LogAnswer } from '../protocol.ts';

const KEPT_BYTES = 128 * 1024;

/** ISO 8601, and milliseconds of the run. */
export interface Moment {
  readonly time: string;
  readonly ms: number;
}

interface Chunk extends Moment {
  readonly attempt: number;
  readonly stream: StreamName;
  readonly command: boolean;
  /** Undefined: the stream has ended. */
  readonly bytes: Buffer | undefined;
}

interface Kept {
  readonly chunks: Chunk[];
  bytes: number;
  /** Something before them is gone, and the first line may be a part of one. */
  isCut: boolean;
}

type Listener = (lines: readonly LogAnswer[]) => void;

export class LogHistory {
  readonly #kept = new Map<string, Kept>();
  readonly #listeners = new Set<Listener>();
  readonly #now: () => Moment;
  #live: LineCutter | undefined;

  constructor(now: () => Moment) {
    this.#now = now;
  }

  /** The chunk is the caller's again after the call. */
  add(
    service: string,
    attempt: number,
    stream: StreamName,
    chunk: Buffer | undefined,
    command = false,
  ): void {
    const kept = this.#kept.get(service) ?? { chunks: [], bytes: 0, isCut: false };
    this.#kept.set(service, kept);
    const last = chunk?.subarray(-KEPT_BYTES);
    if (chunk !== undefined && last!.length < chunk.length) kept.isCut = true;
    const bytes = last === undefined ? undefined : Buffer.from(last);
    kept.chunks.push({ ...this.#now(), attempt, stream, command, bytes });
    kept.bytes += bytes?.length ?? 0;
    while (kept.bytes > KEPT_BYTES || kept.chunks.length > MOST_CHUNKS) {
      kept.bytes -= kept.chunks.shift()?.bytes?.length ?? 0;
      kept.isCut = true;
    }
    this.#live?.add(service, attempt, stream, chunk, command);
  }

  /** The whole lines of these services, of all if left out, the oldest first; what is not finished yet is no line. */
  lines(services?: ReadonlySet<string>): readonly LogAnswer[] {
    const found: LogAnswer[] = [];
    for (const [service, kept] of this.#kept) {
      if (services !== undefined && !services.has(service)) continue;
      found.push(...linesOf(service, kept));
    }
    return found.sort((a, b) => a.ms - b.ms);
  }

  /** The last whole line of an instance, as far as it is kept. */
  lastLine(service: string, attempt: number): string | undefined {
    const kept = this.#kept.get(service);
    return kept && linesOf(service, kept).findLast((line) => line.attempt === attempt)?.text;
  }

  /** Until what it returns is called. */
  listen(listener: Listener): () => void {
    this.#live ??= this.#goLive();
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#live = undefined;
    };
  }

  /** What is unfinished now is the beginning of the first lines to come. */
  #goLive(): LineCutter {
    let isReplay = true;
    const cutter = createLineCutter((lines) => {
      if (isReplay) return;
      const moment = this.#now();
      const answers = lines.map((line) => answerOf(line, moment));
      for (const listener of this.#listeners) listener(answers);
    });
    for (const [service, { chunks }] of this.#kept) {
      for (const { attempt, stream, bytes, command } of chunks)
        cutter.add(service, attempt, stream, bytes, command);
    }
    isReplay = false;
    return cutter;
  }
}

/** Many small ones cost more than their bytes. */
const MOST_CHUNKS = 2_000;

function linesOf(service: string, { chunks, isCut }: Kept): readonly LogAnswer[] {
  const lines: LogAnswer[] = [];
  let moment: Moment = { time: '', ms: 0 };
  const cutter = createLineCutter((cut) => {
    for (const line of cut) lines.push(answerOf(line, moment));
  });
  for (const { time, ms, attempt, stream, bytes, command } of chunks) {
    moment = { time, ms };
    cutter.add(service, attempt, stream, bytes, command);
  }
  return isCut ? lines.slice(1) : lines;
}

function answerOf({ service, attempt, stream, text, partial }: LogLine, { time, ms }: Moment): LogAnswer {
  return { service, attempt, stream, time, ms, text, ...(partial && { partial }) };
}
