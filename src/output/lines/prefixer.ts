/**
 * Turns raw chunks of many streams into whole lines, each with its prefix: nothing lost, torn or reordered.
 *
 * The hot path of the program: a chunk is handled as one latin1 string, whose characters are its bytes, and all of its
 * line ends are replaced at once; handling it line by line takes three times as long. The last, unfinished line of each
 * stream is kept until it is finished or the stream ends; one that grows past the limit is broken and marked. It
 * doesn't know where lines go, nor what they say.
 */
import type { LogSink, StreamName } from '../../events/event.ts';
import { cutBeforeCharacter } from './line-cutter.ts';

export interface Prefixer {
  readonly add: LogSink;
  /** The lines that have been begun and are not finished, those of older streams first. */
  unfinished(): readonly Unfinished[];
  /** Prefixes may be others now: each stream asks for its own again. What was left out, or wasn't, stays so. */
  renew(): void;
  /** Writes what is unfinished, each with a line end, and forgets every stream. */
  end(): void;
}

/** The end of one stream, the same object for as long as that lasts. */
export interface Unfinished {
  readonly prefix: string;
  /** What there is of its last line, latin1: a character is a byte. */
  readonly carry: string;
  /** How often lines of it have been written: when it counts on, what was unfinished stands in one of them. */
  readonly written: number;
}

export interface PrefixerOptions {
  /** The text before each line of a service; empty for none; undefined: its lines are left out. Asked once per stream and `renew`. */
  readonly prefixOf: (service: string) => string | undefined;
  /** Takes whole lines of one service; the chunk is valid during the call only. */
  readonly write: (lines: Buffer, service: string) => void;
  /** What is made of whole lines before they get their prefix, latin1 as here; by default nothing. */
  readonly tame?: ((lines: string) => string) | undefined;
  /** What of an unfinished line still counts for `tame`; asked of one that is too long, before it is broken. */
  readonly shorten?: ((line: string) => string) | undefined;
  /** What stands before every prefix: the time. Asked with every chunk: it has to be cheap, and the same text as long as it is the same one. */
  readonly stamp?: (() => string) | undefined;
  /** A line is unfinished. Called with every chunk that leaves one so: it has to be cheap. */
  readonly onUnfinished?: (() => void) | undefined;
  /** A line longer than this is broken; 1 MiB if not given. */
  readonly maxLineBytes?: number;
}

/** Its lines are left out. */
const SILENT = 'silent';

/** What one run of a service has written on one stream since its last line end. */
interface Lane extends Unfinished {
  readonly service: string;
  /** The parts of `prefix`: that of its service, after the time at which the last of it came. */
  name: string;
  stamp: string;
  prefix: string;
  /** `prefix` as it is written, latin1. */
  start: string;
  /** A line end and the prefix of the next line. */
  separator: string;
  carry: string;
  written: number;
}

const NEWLINE = 0x0a;
const SCRATCH_BYTES = 512 * 1024;
const MAX_LINE_BYTES = 1024 * 1024;
/** An ellipsis where a line was broken, as UTF-8 in latin1. */
const BREAK_MARK = Buffer.from('…').toString('latin1');

export function createPrefixer(options: PrefixerOptions): Prefixer {
  const { prefixOf, write, tame, shorten, stamp, onUnfinished, maxLineBytes = MAX_LINE_BYTES } = options;
  const lanes = new Map<string, Lane | typeof SILENT>();
  const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

  function laneOf(key: string, service: string): Lane | typeof SILENT {
    const known = lanes.get(key);
    if (known !== undefined) return known;
    const name = prefixOf(service);
    if (name === undefined) {
      lanes.set(key, SILENT);
      return SILENT;
    }
    const lane: Lane = { service, ...startsOf('', name), carry: '', written: 0 };
    lanes.set(key, lane);
    return lane;
  }

  function heard(): Lane[] {
    return [...lanes.values()].filter((lane) => lane !== SILENT);
  }

  /** Writes `start`, `text` and a line end in one piece. Two short copies are cheaper than joining the strings. */
  function writeLines(lane: Lane, start: string, text: string): void {
    lane.written++;
    const size = start.length + text.length + 1;
    const out = size <= SCRATCH_BYTES ? scratch : Buffer.allocUnsafe(size);
    let length = out.write(start, 0, 'latin1');
    length += out.write(text, length, 'latin1');
    out[length++] = NEWLINE;
    write(out.subarray(0, length), lane.service);
  }

  function tamed(line: string): string {
    return tame === undefined ? line : tame(line);
  }

  function breakLine(lane: Lane): void {
    const line = lane.carry;
    const cut = cutBeforeCharacter((index) => line.charCodeAt(index), maxLineBytes);
    writeLines(lane, lane.start, tamed(line.slice(0, cut)) + BREAK_MARK);
    lane.carry = BREAK_MARK + line.slice(cut);
  }

  function finish(lane: Lane): void {
    if (lane.carry !== '') writeLines(lane, lane.start, tamed(lane.carry));
    lane.carry = '';
  }

  function keep(lane: Lane, rest: string): void {
    lane.carry += rest;
    if (lane.carry.length > maxLineBytes && shorten !== undefined) lane.carry = shorten(lane.carry);
    while (lane.carry.length > maxLineBytes) breakLine(lane);
    onUnfinished?.();
  }

  return {
    add(service, attempt, stream, chunk, command) {
      const key = laneKey(service, attempt, stream, command);
      const lane = laneOf(key, service);
      if (chunk === undefined) {
        if (lane !== SILENT) finish(lane);
        lanes.delete(key);
        return;
      }
      if (lane === SILENT) return;
      if (stamp !== undefined) stampAnew(lane, stamp());
      const last = chunk.lastIndexOf(NEWLINE);
      if (last === -1) return keep(lane, chunk.toString('latin1'));
      if (tame !== undefined)
        writeLines(lane, lane.start, prefixed(tame(lane.carry + chunk.toString('latin1', 0, last)), lane));
      // Without prefix and carry the bytes are lines already.
      else if (lane.prefix === '' && lane.carry === '') {
        lane.written++;
        write(chunk.subarray(0, last + 1), service);
      } else writeLines(lane, lane.start + lane.carry, prefixed(chunk.toString('latin1', 0, last), lane));
      lane.carry = '';
      if (last + 1 < chunk.length) keep(lane, chunk.toString('latin1', last + 1));
    },
    renew() {
      for (const lane of heard())
        Object.assign(lane, startsOf(lane.stamp, prefixOf(lane.service) ?? lane.name));
    },
    unfinished: () => heard().filter(({ carry }) => carry !== ''),
    end() {
      for (const lane of heard()) finish(lane);
      lanes.clear();
    },
  };
}

function startsOf(
  stamp: string,
  name: string,
): Pick<Lane, 'name' | 'stamp' | 'prefix' | 'start' | 'separator'> {
  const prefix = stamp + name;
  const start = Buffer.from(prefix).toString('latin1');
  return { name, stamp, prefix, start, separator: `\n${start}` };
}

function stampAnew(lane: Lane, stamp: string): void {
  if (stamp !== lane.stamp) Object.assign(lane, startsOf(stamp, lane.name));
}

function prefixed(text: string, lane: Lane): string {
  return lane.prefix === '' ? text : text.replaceAll('\n', lane.separator);
}

/** An old instance may still be writing while the next one begins, so each has its own lane. */
function laneKey(service: string, attempt: number, stream: StreamName, command = false): string {
  const key = `${service}\n${attempt}\n${stream}`;
  return command ? `${key}\ncommand` : key;
}
