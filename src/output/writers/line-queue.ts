/**
 * A queue of bytes with a cap: a chunk of whole lines is taken whole or dropped whole, so no line is ever torn.
 *
 * After a drop everything is dropped until the queue has fallen to a quarter: one gap in the output with one number
 * is worth more than a hundred small ones. Bytes are copied into slabs, so that a million tiny lines cost no more
 * memory than their bytes. Knows nothing of descriptors.
 */
import { countLines } from './bounded-writer.ts';

const SLAB_BYTES = 64 * 1024;

interface Slab {
  readonly bytes: Buffer;
  start: number;
  end: number;
}

export interface LineQueue {
  readonly bytes: number;
  /** More than half is in use; stays true until three quarters are free. */
  readonly full: boolean;
  /** Copies the chunk, or drops it: false. `must` takes it over the cap: the rest of a line already begun. */
  push(chunk: Buffer, must?: boolean): boolean;
  /** The oldest bytes in one piece, untouched until they are shifted off; undefined when empty. */
  head(): Buffer | undefined;
  /** Takes so many bytes off the head. */
  shift(count: number): void;
  /** Drops everything and ends a gap: what was lost is reported now, with the reason if it isn't a slow reader. */
  clear(why?: string): void;
}

export interface LineQueueHooks {
  onDropped(lines: number, why?: string): void;
  onFull?(full: boolean): void;
  /** As in `WriterHooks`. */
  holds?(): boolean;
}

const HELD_FACTOR = 4;

export function createLineQueue(capBytes: number, hooks: LineQueueHooks): LineQueue {
  const slabs: Slab[] = [];
  let bytes = 0;
  let full = false;
  let dropping = false;
  let dropped = 0;

  function append(chunk: Buffer): void {
    let from = 0;
    while (from < chunk.length) {
      let tail = slabs[slabs.length - 1];
      if (tail === undefined || tail.end === tail.bytes.length) {
        tail = { bytes: Buffer.allocUnsafeSlow(SLAB_BYTES), start: 0, end: 0 };
        slabs.push(tail);
      }
      const copied = chunk.copy(tail.bytes, tail.end, from);
      tail.end += copied;
      from += copied;
    }
    bytes += chunk.length;
  }

  function setFull(next: boolean): void {
    if (next === full) return;
    full = next;
    hooks.onFull?.(next);
  }

  function endGap(why?: string): void {
    dropping = false;
    if (dropped === 0) return;
    const lines = dropped;
    dropped = 0;
    hooks.onDropped(lines, why);
  }

  return {
    get bytes() {
      return bytes;
    },
    get full() {
      return full;
    },
    push(chunk, must = false) {
      const mostBytes = hooks.holds?.() ? HELD_FACTOR * capBytes : capBytes;
      if (!must && (dropping || bytes + chunk.length > mostBytes)) {
        dropping = true;
        dropped += countLines(chunk);
        // A chunk larger than the whole queue: nothing is under way that could end the gap later.
        if (bytes <= capBytes / 4) endGap();
        return false;
      }
      append(chunk);
      if (bytes > capBytes / 2) setFull(true);
      return true;
    },
    head() {
      const head = slabs[0];
      return bytes === 0 ? undefined : head?.bytes.subarray(head.start, head.end);
    },
    shift(count) {
      const head = slabs[0];
      if (head === undefined) return;
      head.start += count;
      bytes -= count;
      // The last slab is kept for the next line: a terminal queues and empties all the time.
      if (head.start === head.end && slabs.length > 1) slabs.shift();
      else if (head.start === head.end && bytes === 0) head.start = head.end = 0;
      if (bytes > capBytes / 4) return;
      setFull(false);
      if (dropping) endGap();
    },
    clear(why) {
      for (const slab of slabs) dropped += countLines(slab.bytes.subarray(slab.start, slab.end));
      slabs.length = 0;
      bytes = 0;
      setFull(false);
      endGap(why);
    },
  };
}
