/**
 * A line of a service made fit for one row of a terminal: styles and links stay, tabs become spaces, and what is too long ends in an
 * ellipsis. Pure.
 *
 * A row that wraps would be two, and what is repainted would lose count. So a character is rather taken for wider than it is.
 */

/** Styles and links, the only sequences that `shared-line.ts` lets pass. */
const SEQUENCES = /(\x1b\[[\d;:]*m|\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\))/;
const ALL_SEQUENCES = new RegExp(SEQUENCES, 'g');
const TAB_COLUMNS = 8;
/** Joined to the character before it. */
const NO_COLUMN = /[\p{M}\u200b-\u200f]/u;

/** Wide ones of Unicode (UAX 11), and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1aff0}-\u{1b2ff}\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/** In at most one column less than the terminal has; all sequences are kept, so what the line ends with is still at its end. */
export function fitLine(line: string, columns: number): string {
  const room = Math.max(1, columns - 1);
  const parts = line.split(SEQUENCES);
  const fitted = fit(parts, room);
  return fitted ?? fit(parts, room - 1, '…')!;
}

/** `mark`: stands where it is cut; undefined: the result is, if all of it doesn't fit. */
function fit(parts: readonly string[], room: number, mark?: string): string | undefined {
  let column = 0;
  let isFull = false;
  let fitted = '';
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 1) fitted += part;
    for (const character of index % 2 === 1 || isFull ? '' : part) {
      const width = widthOf(character, column);
      if (column + width > room) {
        if (mark === undefined) return undefined;
        fitted += mark;
        isFull = true;
        break;
      }
      column += width;
      fitted += character === '\t' ? ' '.repeat(width) : character;
    }
  }
  return fitted;
}

/** How many rows a line takes where it is broken at so many columns, as closely as can be told. */
export function rowsOf(line: string, columns: number): number {
  return Math.max(1, Math.ceil(columnsOf(line) / columns));
}

/** How many columns a line takes, as closely as can be told. */
export function columnsOf(line: string): number {
  let width = 0;
  for (const character of line.replaceAll(ALL_SEQUENCES, ''))
    if (!NO_COLUMN.test(character)) width += widthOf(character, width);
  return width;
}

function widthOf(character: string, column: number): number {
  if (character === '\t') return TAB_COLUMNS - (column % TAB_COLUMNS);
  return character > '\x7f' && WIDE.test(character) ? 2 : 1;
}
