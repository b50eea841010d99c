/**
 * The last bytes that one service wrote, and of each part of them when and where it came.
 *
 * Two blocks take turns: when one is full, the other is emptied and filled. All that is in them is used again, so memory is bounded
 * and a service that floods makes no garbage.
 */
import type { StreamName } from '../../events/event.ts';

export interface Moments {
  /** ISO 8601, of the milliseconds; the same text as long as it is the same one. */
  readonly time: () => string;
  /** Milliseconds of the run. */
  readonly ms: () => number;
}

export interface KeptStream {
  readonly attempt: number;
  readonly stream: StreamName;
  /** It was written by one of the commands about the service, not by the service. */
  readonly command: boolean;
}

export interface KeptPart {
  readonly time: string;
  readonly ms: number;
  readonly from: KeptStream;
  /** Undefined: the stream has ended. Valid until something is added. */
  readonly bytes: Buffer | undefined;
}

interface Lane extends KeptStream {
  /** Its first kept bytes are the rest of a line whose beginning is forgotten. */
  isTorn: boolean;
}

/** What came of one lane in one moment; used again. */
interface Part {
  lane: Lane;
  time: string;
  ms: number;
  /** Where its bytes are in the block. */
  from: number;
  to: number;
  isEnd: boolean;
}

interface Block {
  bytes: Buffer;
  used: number;
  /** Those from `count` on wait for being used again. */
  readonly parts: Part[];
  count: number;
}

const BLOCK_BYTES = 64 * 1024;
const FIRST_BYTES = 1024;
/** Who writes more than this within so many milliseconds floods: nobody reads all of that, and to copy it is most of what it costs to keep. */
const FLOOD_BYTES = 256 * 1024;
const FLOOD_MS = 10;
/** So much of each chunk of a flood is kept at least. */
const KEPT_OF_FLOOD = 32 * 1024;
/** Many small ones cost more than their bytes. */
const MOST_PARTS = 1_000;
const NEWLINE = 0x0a;

export class KeptOutput {
  readonly #now: Moments;
  readonly #lanes: Lane[] = [];
  #older = emptyBlock();
  #newer = emptyBlock();
  /** What has come lately, and from when on. */
  #lately = 0;
  #sinceMs = Number.NEGATIVE_INFINITY;

  constructor(now: Moments) {
    this.#now = now;
  }

  /** Undefined: the stream ends. The chunk is the caller's again after the call. */
  add(attempt: number, stream: StreamName, command: boolean, chunk: Buffer | undefined): void {
    const lane = this.#laneOf(attempt, stream, command);
    if (chunk === undefined) {
      this.#partOf(lane).isEnd = true;
      return;
    }
    // What would be forgotten by the end of this call needs no copy.
    const most = this.#isFlooding(chunk.length) ? KEPT_OF_FLOOD : 2 * BLOCK_BYTES;
    const skipped = Math.max(0, chunk.length - most);
    if (skipped > 0) {
      this.#turn();
      this.#turn();
      lane.isTorn = chunk[skipped - 1] !== NEWLINE;
    }
    for (let from = skipped; from < chunk.length; ) {
      if (this.#newer.used === BLOCK_BYTES) this.#turn();
      const to = Math.min(chunk.length, from + BLOCK_BYTES - this.#newer.used);
      const part = this.#partOf(lane);
      this.#append(chunk, from, to);
      part.to = this.#newer.used;
      from = to;
    }
  }

  /** In the order in which they came, the last so many lines of it, or a few more; of a torn line nothing. */
  *read(most = Number.POSITIVE_INFINITY): Generator<KeptPart> {
    const kept = this.#kept();
    const torn = this.#torn();
    // The end of a torn line is none of a whole one.
    const { index, offset } = beginningOf(kept, most + torn.size);
    yield* begunBefore(kept.slice(0, index), offset > 0 ? kept[index]?.lane : undefined, torn);
    for (const [at, { lane, time, ms, isEnd, bytes: all }] of kept.slice(index).entries()) {
      let bytes = at === 0 ? all.subarray(offset) : all;
      if (torn.has(lane)) {
        const end = bytes.indexOf(NEWLINE);
        bytes = bytes.subarray(end === -1 ? bytes.length : end + 1);
        if (end !== -1) torn.delete(lane);
      }
      if (bytes.length > 0) yield { time, ms, from: lane, bytes };
      if (isEnd) yield { time, ms, from: lane, bytes: undefined };
    }
  }

  /** What was begun and not finished yet. */
  unfinished(): readonly KeptPart[] {
    return begunBefore(this.#kept(), undefined, this.#torn());
  }

  #isFlooding(bytes: number): boolean {
    const ms = this.#now.ms();
    if (ms - this.#sinceMs > FLOOD_MS) {
      this.#sinceMs = ms;
      this.#lately = 0;
    }
    this.#lately += bytes;
    return this.#lately > FLOOD_BYTES;
  }

  #kept(): readonly Kept[] {
    return [this.#older, this.#newer].flatMap(({ bytes, parts, count }) =>
      parts.slice(0, count).map(({ lane, time, ms, from, to, isEnd }) => ({
        lane,
        time,
        ms,
        isEnd,
        bytes: bytes.subarray(from, to),
      })),
    );
  }

  #torn(): Set<Lane> {
    return new Set(this.#lanes.filter(({ isTorn }) => isTorn));
  }

  #laneOf(attempt: number, stream: StreamName, command: boolean): Lane {
    for (const lane of this.#lanes)
      if (lane.attempt === attempt && lane.stream === stream && lane.command === command) return lane;
    const lane = { attempt, stream, command, isTorn: false };
    this.#lanes.push(lane);
    return lane;
  }

  /** What comes now is of this one: the last, or the next. */
  #partOf(lane: Lane): Part {
    const time = this.#now.time();
    const last = this.#newer.parts[this.#newer.count - 1];
    if (last !== undefined && !last.isEnd && last.lane === lane && last.time === time) return last;
    if (this.#newer.count === MOST_PARTS) this.#turn();
    const block = this.#newer;
    const part = block.parts[block.count] ?? { lane, time, ms: 0, from: 0, to: 0, isEnd: false };
    block.parts[block.count++] = part;
    part.lane = lane;
    part.time = time;
    part.ms = this.#now.ms();
    part.from = block.used;
    part.to = block.used;
    part.isEnd = false;
    return part;
  }

  #append(chunk: Buffer, from: number, to: number): void {
    const block = this.#newer;
    const needed = block.used + to - from;
    if (block.bytes.length < needed) {
      const larger = Buffer.allocUnsafeSlow(
        Math.min(BLOCK_BYTES, Math.max(FIRST_BYTES, needed, 2 * block.bytes.length)),
      );
      block.bytes.copy(larger, 0, 0, block.used);
      block.bytes = larger;
    }
    chunk.copy(block.bytes, block.used, from, to);
    block.used = needed;
  }

  /** Forgets the older block, and fills it anew. */
  #turn(): void {
    const emptied = this.#older;
    for (let index = 0; index < emptied.count; index++) {
      const { lane, from, to, isEnd } = emptied.parts[index]!;
      if (to > from) lane.isTorn = emptied.bytes[to - 1] !== NEWLINE;
      if (isEnd) this.#lanes.splice(this.#lanes.indexOf(lane), 1);
    }
    emptied.used = 0;
    emptied.count = 0;
    this.#older = this.#newer;
    this.#newer = emptied;
  }
}

type Kept = Pick<Part, 'lane' | 'time' | 'ms' | 'isEnd'> & { readonly bytes: Buffer };

/** Where the last so many line ends begin: in which part, and after how many of its bytes. */
function beginningOf(
  kept: readonly Kept[],
  ends: number,
): { readonly index: number; readonly offset: number } {
  if (ends === Number.POSITIVE_INFINITY) return { index: 0, offset: 0 };
  let found = 0;
  for (let index = kept.length - 1; index >= 0; index--) {
    const { bytes } = kept[index]!;
    for (
      let at = bytes.lastIndexOf(NEWLINE);
      at !== -1;
      at = at === 0 ? -1 : bytes.lastIndexOf(NEWLINE, at - 1)
    ) {
      if (found === ends) return { index, offset: at + 1 };
      found += 1;
    }
  }
  return { index: 0, offset: 0 };
}

/** What was begun in these parts and goes on after them, but of the lane that goes on with a whole line. */
function begunBefore(kept: readonly Kept[], whole: Lane | undefined, torn: Set<Lane>): readonly KeptPart[] {
  const begun = new Map<Lane, KeptPart[]>();
  for (const { lane, time, ms, isEnd, bytes } of kept) {
    const end = bytes.lastIndexOf(NEWLINE);
    if (end !== -1) {
      torn.delete(lane);
      begun.delete(lane);
    }
    if (isEnd) begun.delete(lane);
    else if (end + 1 < bytes.length && !torn.has(lane)) {
      const parts = begun.get(lane) ?? [];
      begun.set(lane, parts);
      parts.push({ time, ms, from: lane, bytes: bytes.subarray(end + 1) });
    }
  }
  if (whole !== undefined) {
    torn.delete(whole);
    begun.delete(whole);
  }
  return [...begun.values()].flat();
}

function emptyBlock(): Block {
  return { bytes: Buffer.alloc(0), used: 0, parts: [], count: 0 };
}
