/**
 * Scalars of the plain subset of YAML: quoted texts, plain words as the core schema means them, block scalars.
 *
 * Numbers count only if they read back as they were written (`1.10`, `0x1F` and `+5` are declined): so a number
 * can be turned into text again without loss.
 */

/** Given back instead of a value: not sure, let the full parser read the document. */
export const DECLINED = Symbol('declined');

/** Moves over the document; the readers of one document share it. */
export interface Cursor {
  readonly text: string;
  /** Where the next reader starts. */
  position: number;
}

const HEADER = /[|>]-? *\n/y;
const LINE = /[^\n]*\n?/y;
const SINGLE_QUOTED = /'(?:[^'\n]|'')*'/y;
const ESCAPED = /"(?:[^"\\\n]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
/** What a word can start with that isn't a text. */
const SPECIAL_START = '~nNtTfF.+-0123456789';
const PLAIN_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;
const SPECIAL =
  /^(?:~|[Nn]ull|NULL|[Tt]rue|TRUE|[Ff]alse|FALSE|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?[0-9]+|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$/;

/**
 * What a sticky pattern matches at the cursor, which then stands behind it; undefined, and nothing moves, if nothing.
 */
export function take(cursor: Cursor, pattern: RegExp): string | undefined {
  const from = cursor.position;
  pattern.lastIndex = from;
  if (!pattern.test(cursor.text)) return undefined;
  cursor.position = pattern.lastIndex;
  return cursor.text.slice(from, cursor.position);
}

/** A text in single or double quotes that starts at the cursor and ends on the same line. */
export function readQuoted(cursor: Cursor): string | typeof DECLINED {
  const { text, position } = cursor;
  const quote = text[position]!;
  const end = text.indexOf(quote, position + 1);
  const simple = end === -1 ? undefined : text.slice(position + 1, end);
  const isSimple =
    simple !== undefined && text[end + 1] !== quote && !simple.includes('\n') && !simple.includes('\\');
  if (isSimple) {
    cursor.position = end + 1;
    return simple;
  }
  if (quote === "'") {
    const single = take(cursor, SINGLE_QUOTED);
    return single === undefined ? DECLINED : single.slice(1, -1).replaceAll("''", "'");
  }
  const escaped = take(cursor, ESCAPED);
  // In these escapes YAML and JSON agree.
  return escaped === undefined ? DECLINED : (JSON.parse(escaped) as string);
}

/** What a plain word means by the core schema of YAML 1.2. */
export function resolvePlain(word: string): unknown {
  if (!SPECIAL_START.includes(word[0]!) || !SPECIAL.test(word)) return word;
  if (word === 'true') return true;
  if (word === 'false') return false;
  if (word === 'null' || word === '~') return null;
  if (!PLAIN_NUMBER.test(word)) return DECLINED;
  const number = Number(word);
  return String(number) === word ? number : DECLINED;
}

/**
 * The block scalar that starts at the cursor: `|`, `|-`, `>` and `>-` without indentation indicator; `indent` is that
 * of the block collection it is a value of.
 *
 * Declined: whitespace at the ends of blank lines, blank lines before the first one, deeper lines in a folded text.
 */
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
