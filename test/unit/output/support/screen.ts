/** Just enough of a terminal: knows line ends, and the sequences that the live board uses. */

/** The lines on it after all of this was written, a character a column; unknown sequences throw. */
export function screenAfter(text: string): string[] {
  const lines = [''];
  let row = 0;
  let column = 0;
  for (const [piece] of text.matchAll(/\x1b\[(?:\d*[BFJK])|\r|\n|[^\x1b\r\n]+|\x1b/g)) {
    const up = /^\x1b\[(\d+)F$/.exec(piece);
    const line = lines[row]!;
    if (up) {
      row -= Number(up[1]);
      column = 0;
      if (row < 0) throw new Error('the cursor left the screen');
    } else if (piece === '\r') column = 0;
    else if (piece === '\n') {
      lines[++row] ??= '';
      column = 0;
    } else if (piece === '\x1b[B') lines[++row] ??= '';
    else if (piece === '\x1b[J') lines.splice(row, lines.length, line.slice(0, column));
    else if (piece === '\x1b[K') lines[row] = line.slice(0, column);
    else if (piece.startsWith('\x1b')) throw new Error(`unknown sequence ${JSON.stringify(piece)}`);
    else {
      lines[row] = line.slice(0, column).padEnd(column) + piece + line.slice(column + piece.length);
      column += piece.length;
    }
  }
  return lines.slice(
    0,
    Math.max(
      row,
      lines.findLastIndex((line) => line !== ''),
    ) + 1,
  );
}
