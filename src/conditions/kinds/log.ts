/**
 * Holds when a line of either output stream matches a pattern; its named groups become values.
 *
 * Lines are whole, without colours, and the same however the output was chunked; one that isn't finished is looked at when
 * nothing follows for a while: a prompt, or a program that forgets the end of its line. Once matched it looks at nothing
 * more. Both streams ended without a match means never.
 */
import { Event, moveOnAfter, now } from '../../concurrency/index.ts';
import type { ConditionKind } from '../../config/types.ts';
import type { StreamName } from '../../events/event.ts';
import { plainText } from '../../events/printable.ts';
import { createMatcher, type Matcher } from '../../patterns/create-matcher.ts';
import { failed, held, type Part, withElapsed } from '../probe/part.ts';
import type { Reading } from '../probe/probe.ts';

type LogCondition = Extract<ConditionKind, { readonly kind: 'log' }>;

/** A longer line is matched by its first 64 KiB. */
export const LINE_LIMIT_BYTES = 65_536;
const SHOWN_CHARACTERS = 100;
/** As long as that a program may take for one line. */
const UNFINISHED_MS = 300;

export function createLogPart({ pattern, ignoreCase }: LogCondition): Part {
  const settled = new Event();
  /** A line has begun, or it is settled. */
  let stirred = new Event();
  let chunks = 0;
  const matcher = createMatcher(pattern, ignoreCase);
  const open = new Set<StreamName>(['stdout', 'stderr']);
  let reading: Reading | undefined;

  const settle = (result: Reading): void => {
    reading ??= result;
    settled.set();
    stirred.set();
  };
  const look = (line: string): void => {
    if (reading !== undefined) return;
    const text = plainText(line);
    const match = matcher.match(text);
    if (match !== undefined) settle(held(`log '${shorten(match.text || text)}'`, match.groups));
  };
  const isOfNoUse = (bytes: Buffer, from: number, to: number): boolean =>
    reading !== undefined || matcher.rulesOut(bytes, from, to);
  const splitters = {
    stdout: createLineSplitter(LINE_LIMIT_BYTES, look, isOfNoUse),
    stderr: createLineSplitter(LINE_LIMIT_BYTES, look, isOfNoUse),
  };

  const untilQuiet = async (): Promise<void> => {
    for (let before = -1; reading === undefined && before !== chunks; ) {
      before = chunks;
      await moveOnAfter(UNFINISHED_MS, () => settled.wait());
    }
  };
  const lookAtUnfinished = (): void => {
    for (const splitter of [splitters.stdout, splitters.stderr]) {
      const line = splitter.unfinished();
      if (line === undefined) continue;
      matcher.beginChunk();
      look(line);
    }
  };

  return {
    get wantsOutput() {
      return reading === undefined;
    },
    output(stream, chunk) {
      if (reading !== undefined) return;
      matcher.beginChunk();
      chunks += 1;
      if (chunk !== undefined) {
        splitters[stream].push(chunk);
        if (splitters[stream].isInside) stirred.set();
        return;
      }
      splitters[stream].end();
      open.delete(stream);
      if (open.size === 0)
        settle(failed(`its output ended before a line matched /${pattern}/${passedOver(matcher)}`));
    },
    async hold() {
      const sinceMs = now();
      while (reading === undefined) {
        await stirred.wait();
        stirred = new Event();
        await untilQuiet();
        lookAtUnfinished();
      }
      return withElapsed(reading as Reading, sinceMs);
    },
    missing: () => `log: no line matched /${pattern}/${passedOver(matcher)}`,
  };
}

/** What there is to add to "no line matched". */
export function passedOver({ passedOver: count }: Pick<Matcher, 'passedOver'>): string {
  if (count === 0) return '';
  const [lines, them] = count === 1 ? ['1 line was', 'it'] : [`${count} lines were`, 'them'];
  return ` (${lines} passed over, since it would take too long to look at ${them}; write a simpler pattern)`;
}

function shorten(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}

// Cuts a byte stream into lines of text, the same ones however the bytes were chunked.
//
// A line is decoded whole, never a chunk: the byte of "\n" occurs in no other UTF-8 character. Memory is bounded:
// what of a line exceeds the limit is dropped. It knows nothing of colours or patterns.

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const FIRST_BYTES = 256;

interface LineSplitter {
  /** Passes on every line that the chunk ends; keeps nothing of the chunk itself. */
  push(chunk: Buffer): void;
  /** Passes on the last line if it had no newline. */
  end(): void;
  /** A line has begun. */
  readonly isInside: boolean;
  /** What there is of it up to now, which stays there; undefined: none has begun. */
  unfinished(): string | undefined;
}

/**
 * Lines come without "\n" or "\r\n"; one longer than `limitBytes` is cut to its first ones. What `isOfNoUse` is passed
 * over undecoded; it is asked about bytes of a line that lies in one chunk.
 */
export function createLineSplitter(
  limitBytes: number,
  onLine: (line: string) => void,
  isOfNoUse: (bytes: Buffer, from: number, to: number) => boolean = () => false,
): LineSplitter {
  // One buffer that grows by doubling: a service that writes byte by byte must not make an array of bytes.
  let line = Buffer.alloc(0);
  let length = 0;

  const keep = (piece: Buffer): void => {
    const needed = Math.min(length + piece.length, limitBytes);
    if (needed > line.length) {
      const larger = Buffer.alloc(Math.min(limitBytes, Math.max(FIRST_BYTES, needed, line.length * 2)));
      line.copy(larger, 0, 0, length);
      line = larger;
    }
    length += piece.copy(line, length);
  };

  const emit = (): void => {
    const end = endOf(line, 0, length);
    length = 0;
    onLine(line.toString('utf8', 0, end));
  };

  const pass = (chunk: Buffer, from: number, to: number): void => {
    if (length === 0) {
      const end = endOf(chunk, from, Math.min(to, from + limitBytes));
      if (!isOfNoUse(chunk, from, end)) onLine(chunk.toString('utf8', from, end));
      return;
    }
    keep(chunk.subarray(from, to));
    emit();
  };

  return {
    push(chunk) {
      let from = 0;
      for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
        pass(chunk, from, to);
        from = to + 1;
      }
      keep(chunk.subarray(from));
    },
    end() {
      if (length > 0) emit();
    },
    get isInside() {
      return length > 0;
    },
    unfinished: () => (length === 0 ? undefined : line.toString('utf8', 0, endOf(line, 0, length))),
  };
}

function endOf(bytes: Buffer, from: number, to: number): number {
  return to > from && bytes[to - 1] === CARRIAGE_RETURN ? to - 1 : to;
}
