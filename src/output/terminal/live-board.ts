/**
 * Keeps a few lines at the bottom of a terminal up to date, while whole lines are written above them.
 *
 * Our own and not ora: that writes to the terminal synchronously, so that one stopped with Ctrl-S would stop the
 * supervisor, and it costs 49 ms to import. Here everything goes through the writer that can't block, each change
 * in one piece; while the terminal is behind, frames are left out and lines are not. What the lines say is decided
 * elsewhere (`board.ts`).
 */
import type { BoundedWriter } from '../writers/bounded-writer.ts';

export interface LiveBoard {
  /** Writes whole lines above the frame, or above a newer one; the chunk is the caller's again after the call. */
  writeAbove(lines: Buffer, newer?: readonly string[]): void;
  /** Paints these lines in place of the last ones; none takes the frame away. */
  show(frame: readonly string[]): void;
}

export function createLiveBoard(writer: BoundedWriter): LiveBoard {
  let wanted: readonly string[] = [];
  /** How many lines of a frame stand above the cursor, which is always at the start of a line. */
  let shown = 0;
  let painted = '';

  function paint(): void {
    const text = textOf(wanted);
    if (text === painted && shown === wanted.length) return;
    if (writer.pendingBytes > 0 && wanted.length > 0) return;
    const rest = shown > wanted.length ? ERASE_BELOW : '';
    if (!writer.write(Buffer.from(goUp(shown) + text + rest))) return;
    painted = text;
    shown = wanted.length;
  }

  return {
    writeAbove(lines, newer = wanted) {
      wanted = newer;
      if (shown === 0) {
        writer.write(lines);
        return;
      }
      const frame = writer.pendingBytes === 0 ? wanted : [];
      const text = textOf(frame);
      if (!writer.write(Buffer.concat([Buffer.from(goUp(shown) + ERASE_BELOW), lines, Buffer.from(text)])))
        return;
      painted = text;
      shown = frame.length;
    },
    show(frame) {
      wanted = frame;
      paint();
    },
  };
}

const ERASE_BELOW = '\x1b[J';

function textOf(frame: readonly string[]): string {
  return frame.map((line) => `${line}\x1b[K\n`).join('');
}

/** To the start of the line so many rows up. */
function goUp(rows: number): string {
  return rows === 0 ? '' : `\x1b[${rows}F`;
}
