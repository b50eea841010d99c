/**
 * Cuts the raw output of services into lines for JSON: whole lines whatever the chunks, with a limit to their length.
 *
 * Text is decoded as UTF-8, foreign bytes become U+FFFD. A line over the limit is handed on in parts. It knows nothing
 * of events.
 */
import type { LogSink, StreamName } from '../../events/event.ts';

export interface LogLine {
  readonly service: string;
  readonly attempt: number;
  readonly stream: StreamName;
  /** Without its line end. */
  readonly text: string;
  /** The line goes on in the next one of this stream. */
  readonly partial: boolean;
}

export interface LineCutter {
  readonly add: LogSink;
  /** Hands on what is unfinished, and forgets every stream. */
  end(): void;
}

interface Lane {
  readonly service: string;
  readonly attempt: number;
  readonly stream: StreamName;
  /** What came since the last line end. */
  carry: Buffer[];
  carriedBytes: number;
}

const NEWLINE = 0x0a;
const MAX_LINE_BYTES = 1024 * 1024;

/** `write` gets the lines that one chunk finished, at least one. */
export function createLineCutter(
  write: (lines: readonly LogLine[]) => void,
  maxLineBytes: number = MAX_LINE_BYTES,
): LineCutter {
  const lanes = new Map<string, Lane>();

  function lineOf({ service, attempt, stream }: Lane, text: string, partial = false): LogLine {
    return { service, attempt, stream, text, partial };
  }

  function take(lane: Lane): Buffer {
    const carried = lane.carry.length === 1 ? lane.carry[0]! : Buffer.concat(lane.carry);
    lane.carry = [];
    lane.carriedBytes = 0;
    return carried;
  }

  /** The chunk is the caller's again after the call, so what is kept is a copy. */
  function keep(lane: Lane, rest: Buffer): void {
    lane.carry.push(Buffer.from(rest));
    lane.carriedBytes += rest.length;
    while (lane.carriedBytes > maxLineBytes) {
      const line = take(lane);
      const cut = cutBeforeCharacter((index) => line[index]!, maxLineBytes);
      write([lineOf(lane, line.toString('utf8', 0, cut), true)]);
      lane.carry = [line.subarray(cut)];
      lane.carriedBytes = line.length - cut;
    }
  }

  function finish(lane: Lane): void {
    if (lane.carriedBytes > 0) write([lineOf(lane, take(lane).toString('utf8'))]);
  }

  return {
    add(service, attempt, stream, chunk, command = false) {
      const key = `${service}\n${attempt}\n${stream}\n${command}`;
      let lane = lanes.get(key);
      if (lane === undefined) {
        lane = { service, attempt, stream, carry: [], carriedBytes: 0 };
        lanes.set(key, lane);
      }
      if (chunk === undefined) {
        finish(lane);
        lanes.delete(key);
        return;
      }
      const last = chunk.lastIndexOf(NEWLINE);
      if (last === -1) return keep(lane, chunk);
      const head = chunk.subarray(0, last);
      const whole = lane.carriedBytes === 0 ? head : Buffer.concat([take(lane), head]);
      const from = lane;
      // A line end is never a part of another character, so lines can be decoded together.
      write(
        whole
          .toString('utf8')
          .split('\n')
          .map((text) => lineOf(from, text)),
      );
      if (last + 1 < chunk.length) keep(lane, chunk.subarray(last + 1));
    },
    end() {
      for (const lane of lanes.values()) finish(lane);
      lanes.clear();
    },
  };
}

/** Where bytes of UTF-8 can be cut without cutting a character. Pure; foreign bytes are cut where asked. */

/** The largest cut up to `at` that doesn't part the bytes of one character; `byteAt(i)` for i < `at` is looked at. */
export function cutBeforeCharacter(byteAt: (index: number) => number, at: number): number {
  for (let back = 1; back <= 4 && back <= at; back++) {
    const byte = byteAt(at - back);
    if (byte < 0x80) return at;
    if (byte >= 0xc0) return back < sequenceLength(byte) ? at - back : at;
  }
  return at;
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}
