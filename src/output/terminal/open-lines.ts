/**
 * Which unfinished lines of services are shown below the finished ones: those that have been so for a while. A prompt stays until it
 * is answered, a progress display until it is over.
 *
 * Lines are looked at every now and then, by one timer for all of them, that runs only while there are any; a chunk costs a flag.
 * What the lines look like is decided in `shared-line.ts` and `fit-line.ts`; painting them is `live-board.ts`.
 */
import type { Unfinished } from '../lines/prefixer.ts';
import type { Ticker } from '../ticker.ts';
import type { BoardSize } from './board.ts';
import { fitLine } from './fit-line.ts';
import { unfinishedLine } from './shared-line.ts';

export interface OpenLinesOptions {
  readonly unfinished: () => readonly Unfinished[];
  readonly ticker: Ticker;
  /** Another look has been taken at what is shown, or was until then: it may be different. */
  readonly onLook: () => void;
}

export interface OpenLines {
  /** A line is unfinished. */
  noteUnfinished(): void;
  /** Forgets those that are finished by now. True: one of them was shown. */
  settle(): boolean;
  /** As they stand now, the oldest first; none of them fills a row, and together they take at most half of the rows. */
  rows(size: BoardSize): string[];
  /** Shows nothing from now on. */
  end(): void;
}

/** As long as a program may take for one line. */
const UNFINISHED_MS = 300;
const LOOK_MS = 100;

interface Seen {
  readonly written: number;
  readonly sinceMs: number;
  isShown: boolean;
}

export function createOpenLines({ unfinished, ticker, onLook }: OpenLinesOptions): OpenLines {
  const seen = new Map<Unfinished, Seen>();
  let shown = 0;
  let isLooking = false;
  let stopLooking = (): void => undefined;

  /** Lines that were unfinished when they were last looked at, and aren't any more. */
  function forgetFinished(): boolean {
    const before = shown;
    for (const [lane, { written, isShown }] of seen) {
      if (lane.carry !== '' && lane.written === written) continue;
      seen.delete(lane);
      if (isShown) shown--;
    }
    return shown !== before;
  }

  function look(): void {
    forgetFinished();
    const nowMs = ticker.now();
    for (const lane of unfinished()) {
      const known = seen.get(lane);
      if (known === undefined) {
        seen.set(lane, { written: lane.written, sinceMs: nowMs, isShown: false });
      } else if (!known.isShown && nowMs - known.sinceMs >= UNFINISHED_MS) {
        known.isShown = true;
        shown++;
      }
    }
    if (seen.size > 0) return;
    isLooking = false;
    stopLooking();
  }

  return {
    noteUnfinished() {
      if (isLooking) return;
      isLooking = true;
      stopLooking = ticker.every(LOOK_MS, () => {
        const before = shown;
        look();
        if (before > 0 || shown > 0) onLook();
      });
      look();
    },
    settle: () => shown > 0 && forgetFinished(),
    rows({ columns, rows }) {
      if (shown === 0) return [];
      const texts = [...seen].flatMap(([lane, { isShown }]) => {
        const text = isShown ? unfinishedLine(lane.carry) : '';
        return text === '' ? [] : [fitLine(lane.prefix + text, columns)];
      });
      return texts.slice(-Math.max(1, Math.floor(rows / 2)));
    },
    end() {
      isLooking = true;
      stopLooking();
      seen.clear();
      shown = 0;
    },
  };
}
