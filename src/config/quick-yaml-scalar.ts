/**
 * Scalars on one line of the plain subset of YAML: quoted ones, and what a plain word means in the core schema.
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

const SINGLE_QUOTED = /'(?:[^'\n]|'')*'/y;
const ESCAPED = /"(?:[^"\\\n]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
/** What a word can start with that isn't a text. */
const SPECIAL_START = '~nNtTfF.+-0123456789';
const PLAIN_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;
const SPECIAL =
  /^(?:~|[Nn]ull|NULL|[Tt]rue|TRUE|[Ff]alse|FALSE|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?[0-9]+|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$/;

/** Past what a sticky pattern matches at the cursor; false, and nothing moves, if it doesn't match. */
export function skip(cursor: Cursor, pattern: RegExp): boolean {
  pattern.lastIndex = cursor.position;
  if (!pattern.test(cursor.text)) return false;
  cursor.position = pattern.lastIndex;
  return true;
}

/** What a sticky pattern matches at the cursor, which then stands behind it; undefined, and nothing moves, if nothing. */
export function take(cursor: Cursor, pattern: RegExp): string | undefined {
  const from = cursor.position;
  return skip(cursor, pattern) ? cursor.text.slice(from, cursor.position) : undefined;
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
