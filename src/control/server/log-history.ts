/**
 * What services wrote, for those who ask later, or listen: the last bytes of each service, and each new line as it comes.
 *
 * Lines are cut only when somebody wants them: until then a chunk costs one copy, into memory that is used again.
 */
import type { StreamName } from '../../events/event.ts';
import { createLineCutter, type LineCutter, type LogLine } from '../../output/lines/line-cutter.ts';
import type { LogAnswer } from '../protocol.ts';
import { KeptOutput, type KeptPart, type Moments } from './kept-output.ts';

type Moment = Pick<LogAnswer, 'time' | 'ms'>;
type Listener = (lines: readonly LogAnswer[]) => void;

/** Mostly the last line of an instance is among so many. */
const LATELY = 20;

export class LogHistory {
  readonly #kept = new Map<string, KeptOutput>();
  readonly #listeners = new Set<Listener>();
  readonly #now: Moments;
  #live: LineCutter | undefined;

  constructor(now: Moments) {
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
    const kept = this.#kept.get(service) ?? new KeptOutput(this.#now);
    this.#kept.set(service, kept);
    kept.add(attempt, stream, command, chunk);
    this.#live?.add(service, attempt, stream, chunk, command);
  }

  /**
   * The whole lines of these services, of all if left out, the oldest first; what is not finished yet is no line. `most`: of each
   * service the last so many are enough.
   */
  lines(services?: ReadonlySet<string>, most?: number): readonly LogAnswer[] {
    const found: LogAnswer[] = [];
    for (const [service, kept] of this.#kept) {
      if (services === undefined || services.has(service))
        for (const line of linesOf(service, kept, most)) found.push(line);
    }
    return found.sort((a, b) => a.ms - b.ms);
  }

  /** The last whole line of an instance, as far as it is kept. */
  lastLine(service: string, attempt: number): string | undefined {
    const kept = this.#kept.get(service);
    if (kept === undefined) return undefined;
    const among = (most?: number): string | undefined =>
      linesOf(service, kept, most).findLast((line) => line.attempt === attempt)?.text;
    return among(LATELY) ?? among();
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
    const cutter = createLineCutter((lines) => {
      const moment = { time: this.#now.time(), ms: this.#now.ms() };
      const answers = lines.map((line) => answerOf(line, moment));
      for (const listener of this.#listeners) listener(answers);
    });
    for (const [service, kept] of this.#kept) replay(service, kept.unfinished(), cutter);
    return cutter;
  }
}

function linesOf(service: string, kept: KeptOutput, most?: number): readonly LogAnswer[] {
  const lines: LogAnswer[] = [];
  let moment: Moment = { time: '', ms: 0 };
  const cutter = createLineCutter((cut) => {
    for (const line of cut) lines.push(answerOf(line, moment));
  });
  replay(service, kept.read(most), cutter, (at) => {
    moment = at;
  });
  return lines;
}

/** Hands on what is kept, without the rest of a line whose beginning is forgotten. */
function replay(
  service: string,
  parts: Iterable<KeptPart>,
  cutter: LineCutter,
  at?: (moment: Moment) => void,
): void {
  for (const part of parts) {
    at?.(part);
    const { attempt, stream, command } = part.from;
    cutter.add(service, attempt, stream, part.bytes, command);
  }
}

function answerOf({ service, attempt, stream, text, partial }: LogLine, { time, ms }: Moment): LogAnswer {
  return { service, attempt, stream, time, ms, text, ...(partial && { partial }) };
}
