/** Just enough of a terminal: knows line ends, and the sequences that the live board uses. */

/** The lines on it after all of this was written; unknown sequences throw. */
export function screenAfter(text: string): string[] {
  const lines = [''];
  let row = 0;
  for (const [piece] of text.matchAll(/\x1b\[(?:\d*[FJK])|\n|[^\x1b\n]+|\x1b/g)) {
    const up = /^\x1b\[(\d+)F$/.exec(piece);
    if (up) {
      row -= Number(up[1]);
      if (row < 0) throw new Error('the cursor left the screen');
    } else if (piece === '\n') {
      row++;
      lines[row] ??= '';
    } else if (piece === '\x1b[J') lines.splice(row, lines.length, '');
    // Erasing to the end of the line happens where the text ends, so nothing of the old line is left.
    else if (piece === '\x1b[K') lines[row] = lines[row]!.split('\0')[0]!;
    else if (piece.startsWith('\x1b')) throw new Error(`unknown sequence ${JSON.stringify(piece)}`);
    else lines[row] = `${piece}\0${lines[row]!.slice(piece.length)}`;
  }
  return lines.map((line) => line.replace('\0', ''));
}
