/**
 * The record that is kept of the last run, without being asked for: its events, written beside the loop a moment later.
 *
 * It is never in the way. It is opened once something runs; what can't be kept isn't, without a word; a full one ends with a
 * note, and a disk that stands still costs it alone.
 */
import type { OrderlyEvent } from '../../events/event.ts';
import { FLUSH_LIMIT_MS, type Output } from '../output.ts';
import type { Ticker } from '../ticker.ts';
import { toLine } from './json-output.ts';
import { beginRecord, type KeptFile, type KeptPlace } from './kept-file.ts';

/** How long what happens is collected before it is written. */
const BEHIND_MS = 1000;
const MOST_BYTES = 4 * 1024 * 1024;
/** More don't wait for a disk that stands still. */
const MOST_WAITING = 10_000;

export function createKeptRecord(
  place: KeptPlace,
  ticker: Ticker,
  { maxBytes = MOST_BYTES, open: begin = beginRecord }: { maxBytes?: number; open?: typeof beginRecord } = {},
): Output {
  let file: KeptFile | undefined;
  let bytes = 0;
  let waiting: OrderlyEvent[] = [];
  let hasSpawned = false;
  let isOver = false;
  let written: Promise<void> | undefined;
  let stopWaiting: (() => void) | undefined;

  function end(): void {
    isOver = true;
    waiting = [];
    stopWaiting?.();
  }

  /** What fits, and that it is full where something doesn't. */
  function take(events: readonly OrderlyEvent[]): string {
    let text = '';
    for (const event of events) {
      const line = toLine(event);
      bytes += Buffer.byteLength(line);
      if (bytes > maxBytes) {
        end();
        return text + toLine(noteOf(event));
      }
      text += line;
    }
    return text;
  }

  /** The first trouble ends it. */
  async function tryTo(deed: () => Promise<void>): Promise<void> {
    try {
      await deed();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      end();
    }
  }

  async function writeAll(): Promise<void> {
    await tryTo(async () => {
      file ??= await begin(place);
      while (waiting.length > 0) {
        const events = waiting;
        waiting = [];
        await file.append(take(events));
      }
    });
    written = undefined;
  }

  async function writeLast(): Promise<void> {
    await written;
    if (waiting.length > 0) await writeAll();
    await tryTo(async () => file?.close());
  }

  function writeSoon(): void {
    stopWaiting ??= ticker.every(BEHIND_MS, () => {
      stopWaiting?.();
      stopWaiting = undefined;
      written ??= writeAll();
    });
  }

  return {
    onEvent(event) {
      if (isOver || event.type === 'log') return;
      if (waiting.push(event) > MOST_WAITING) return end();
      hasSpawned ||= event.type === 'service.starting';
      if (hasSpawned) writeSoon();
    },
    onLog: () => undefined,
    async finish(withinMs = FLUSH_LIMIT_MS) {
      stopWaiting?.();
      let stop = (): void => undefined;
      const late = new Promise<void>((resolve) => {
        stop = ticker.every(withinMs, resolve);
      });
      await Promise.race([writeLast(), late]);
      stop();
    },
  };
}

function noteOf({ seq, time, ms }: OrderlyEvent): OrderlyEvent {
  return {
    seq,
    time,
    ms,
    type: 'run.note',
    text: 'the record that is kept of the run is full, and ends here',
  };
}
