/**
 * Block scalars of the plain subset of YAML: `|`, `|-`, `>` and `>-` without indentation indicator.
 *
 * Declined: whitespace at the ends of blank lines, blank lines before the first one, deeper lines in a folded text.
 */
import { type Cursor, DECLINED, take } from './quick-yaml-scalar.ts';

const HEADER = /[|>]-? *\n/y;
const LINE = /[^\n]*\n?/y;

/** The text that starts at the cursor; `indent` is that of the block collection it is a value of. */
export function readLiteral(cursor: Cursor, indent: number): string | typeof DECLINED {
  const header = take(cursor, HEADER);
  if (header === undefined) return DECLINED;
  const folded = header[0] === '>';
  const lines = readLines(cursor, indent, folded);
  if (lines === DECLINED || lines.length === 0) return DECLINED;
  return (folded ? fold(lines) : lines.join('\n')) + (header[1] === '-' ? '' : '\n');
}

/** The lines without their indentation and without blank ones at the end; the cursor then at the line after them. */
function readLines(cursor: Cursor, indent: number, folded: boolean): string[] | typeof DECLINED {
  const lines: string[] = [];
  let own = -1;
  let filled = 0;
  while (cursor.position < cursor.text.length) {
    const from = cursor.position;
    const line = take(cursor, LINE)!.replace('\n', '');
    // Spaces alone are indentation; other white space is text.
    const depth = /^ */.exec(line)![0].length;
    if (line === '') {
      if (own === -1) return DECLINED;
      lines.push('');
      continue;
    }
    if (depth === line.length) return DECLINED;
    if (depth <= indent) {
      cursor.position = from;
      break;
    }
    if (own === -1) own = depth;
    if (depth < own || (folded && depth > own)) return DECLINED;
    lines.push(line.slice(own));
    filled = lines.length;
  }
  return lines.slice(0, filled);
}

/** Lines become one, and n blank ones between two become n line ends. */
function fold(lines: readonly string[]): string {
  let text = '';
  let blank = 0;
  for (const line of lines) {
    if (line === '') {
      blank += 1;
      continue;
    }
    if (text !== '') text += blank === 0 ? ' ' : '\n'.repeat(blank);
    text += line;
    blank = 0;
  }
  return text;
}
