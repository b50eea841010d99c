/**
 * Keeps a few lines at the bottom of a terminal up to date, while whole lines are written above them.
 *
 * Our own and not ora: that writes to the terminal synchronously, so that one stopped with Ctrl-S would stop the
 * supervisor, and it costs 49 ms to import. Here everything goes through the writer that can't block, each change
 * in one piece; while the terminal is behind, frames are left out and lines are not. What the lines say is decided
 * elsewhere (`board.ts`).
 */
import type { BoundedWriter } from '../writers/bounded-writer.ts';
import { rowsOf } from './fit-line.ts';

export interface LiveBoard {
  /** Writes whole lines above the frame, or above a newer one; the chunk is the caller's again after the call. */
  writeAbove(lines: Buffer, newer?: readonly string[]): void;
  /** Paints these lines in place of the last ones; none takes the frame away. */
  show(frame: readonly string[]): void;
}

/**
 * `columns`: of the terminal, now; undefined: there is none, or it is somebody else's now: lines pass through as they are, and no frame
 * may be shown.
 */
export function createLiveBoard(writer: BoundedWriter, columns: () => number | undefined): LiveBoard {
  let wanted: readonly string[] = [];
  /** Stands above the cursor, which is at the start of a line but for what was typed since (`^C`). */
  let shown: readonly string[] = [];

  /** Where a terminal becomes narrower it breaks lines that were whole: all of them but xterm do. */
  function rowsShown(): number {
    const width = columns() ?? Number.POSITIVE_INFINITY;
    return shown.reduce((rows, line) => rows + rowsOf(line, width), 0);
  }

  function paint(): void {
    if (shown.length === wanted.length && shown.every((line, index) => line === wanted[index])) return;
    if (writer.pendingBytes > 0 && wanted.length > 0) return;
    const rows = rowsShown();
    const isSmaller = rows > wanted.length;
    if (!writer.write(Buffer.from((isSmaller ? eraseUp(rows) : goUp(rows)) + textOf(wanted)))) return;
    shown = wanted;
  }

  return {
    writeAbove(lines, newer = wanted) {
      wanted = newer;
      if (shown.length === 0) {
        writer.write(columns() === undefined ? lines : Buffer.concat([LINE_START, lines]));
        return;
      }
      const frame = writer.pendingBytes === 0 ? wanted : [];
      const chunk = [Buffer.from(eraseUp(rowsShown())), lines, Buffer.from(textOf(frame))];
      if (writer.write(Buffer.concat(chunk))) shown = frame;
    },
    show(frame) {
      wanted = frame;
      paint();
    },
  };
}

/** A terminal shows keys that are typed, of Ctrl-C `^C`: what is written there begins the line anew. */
const LINE_START = Buffer.from('\r');

function textOf(frame: readonly string[]): string {
  return frame.map((line) => `${line}${ERASE_LINE}\n`).join('');
}

/** To the start of the line so many rows up. */
function goUp(rows: number): string {
  return rows === 0 ? '\r' : `\x1b[${rows}F`;
}

/**
 * The same, and all from there on is empty. Each row by itself: what is erased at once from the first row of a window on is kept by tmux,
 * as something to scroll back to.
 */
function eraseUp(rows: number): string {
  return `${goUp(rows)}${`${ERASE_LINE}${DOWN}`.repeat(rows)}${ERASE_LINE}${goUp(rows)}`;
}

const ERASE_LINE = '\x1b[K';
/** Never scrolls. */
const DOWN = '\x1b[B';
