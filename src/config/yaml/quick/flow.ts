/**
 * Flow collections of the plain subset of YAML: `[a, "b"]`, `{ a: 1 }`, JSON; over several lines too, as long as
 * each is deeper than what they belong to. Single pairs in lists, keys without values, tags and comments at the very
 * beginning of a line are declined.
 */
import { type Cursor, DECLINED, readQuoted, resolvePlain, take } from './scalar.ts';

const GAP = /[ \n]*(?:(?<= )#.*[ \n]*)*/y;
const PLAIN =
  /(?:[^ \n\-?:,[\]{}#&*!|>'"%@`]|-(?=[A-Za-z0-9_./-]))(?:[^ \n:,[\]{}]|:(?=[^ \n,[\]{}])| +(?=[^ \n:,[\]{}#]))*/y;
const PLAIN_KEY = /[A-Za-z0-9_$][\w./-]*(?=:[ \n])/y;
const MAX_DEPTH = 30;
const MAX_KEY_LENGTH = 500;

/** The collection that starts at the cursor; `indent` is that of the block collection it is a value of. */
export function readFlow(cursor: Cursor, indent: number, depth = 0): unknown {
  if (depth > MAX_DEPTH) return DECLINED;
  const texts = readJsonTexts(cursor);
  if (texts) return texts;
  const isMap = cursor.text[cursor.position] === '{';
  cursor.position += 1;
  const entries = isMap ? readPairs(cursor, indent, depth) : readItems(cursor, indent, depth);
  if (entries !== DECLINED) cursor.position += 1;
  return entries;
}

/**
 * A list of texts as JSON writes it, the last thing on its line: commands of generated files are that, and it is
 * quick.
 */
function readJsonTexts(cursor: Cursor): readonly string[] | undefined {
  const { text, position } = cursor;
  if (!text.startsWith('["', position)) return undefined;
  const lineEnd = text.indexOf('\n', position);
  const source = text.slice(position, lineEnd === -1 ? text.length : lineEnd);
  if (!source.endsWith('"]')) return undefined;
  try {
    const items: unknown = JSON.parse(source);
    if (!Array.isArray(items) || !items.every((item) => typeof item === 'string')) return undefined;
    cursor.position += source.length;
    return items;
  } catch {
    // Not JSON, perhaps still YAML.
    return undefined;
  }
}

function readItems(cursor: Cursor, indent: number, depth: number): unknown[] | typeof DECLINED {
  const items: unknown[] = [];
  for (;;) {
    if (!skipGap(cursor, indent, depth)) return DECLINED;
    if (cursor.text[cursor.position] === ']') return items;
    const item = readValue(cursor, indent, depth);
    if (item === DECLINED || !endEntry(cursor, indent, depth, ']')) return DECLINED;
    items.push(item);
  }
}

function readPairs(cursor: Cursor, indent: number, depth: number): object | typeof DECLINED {
  const pairs: Record<string, unknown> = {};
  for (;;) {
    if (!skipGap(cursor, indent, depth)) return DECLINED;
    if (cursor.text[cursor.position] === '}') return pairs;
    const key = readKey(cursor);
    if (key === DECLINED || !isNewKey(pairs, key)) return DECLINED;
    cursor.position += 1;
    if (!skipGap(cursor, indent, depth)) return DECLINED;
    const value = readValue(cursor, indent, depth);
    if (value === DECLINED || !endEntry(cursor, indent, depth, '}')) return DECLINED;
    pairs[key] = value;
  }
}

/** A key, the cursor then on its colon. After a quoted key the colon may be followed by anything, as in JSON. */
function readKey(cursor: Cursor): string | typeof DECLINED {
  const first = cursor.text[cursor.position];
  if (first === '"' || first === "'") {
    const key = readQuoted(cursor);
    return cursor.text[cursor.position] === ':' ? key : DECLINED;
  }
  const key = take(cursor, PLAIN_KEY);
  return key === undefined || typeof resolvePlain(key) !== 'string' ? DECLINED : key;
}

/** Whether a map can take this key: a key twice is an error, and some are special to JavaScript or YAML. */
export function isNewKey(pairs: object, key: string): boolean {
  return key !== '__proto__' && key.length <= MAX_KEY_LENGTH && !Object.hasOwn(pairs, key);
}

function readValue(cursor: Cursor, indent: number, depth: number): unknown {
  const first = cursor.text[cursor.position];
  if (first === '"' || first === "'") return readQuoted(cursor);
  if (first === '[' || first === '{') return readFlow(cursor, indent, depth + 1);
  const word = take(cursor, PLAIN);
  return word === undefined ? DECLINED : resolvePlain(word);
}

/** Past the comma after an entry, or to the bracket that closes the collection. */
function endEntry(cursor: Cursor, indent: number, depth: number, close: string): boolean {
  if (!skipGap(cursor, indent, depth)) return false;
  const next = cursor.text[cursor.position];
  if (next === ',') cursor.position += 1;
  return next === ',' || next === close;
}

/** Past spaces, line ends and comments; false if the next line isn't deeper (its closing bracket may be level). */
function skipGap(cursor: Cursor, indent: number, depth: number): boolean {
  const { text, position: from } = cursor;
  const code = text.charCodeAt(from);
  if (code !== 32 && code !== 10) return true;
  take(cursor, GAP);
  // In the gap alone: the line before it may be as long as the file.
  const newline = text.slice(from, cursor.position).lastIndexOf('\n');
  if (newline === -1) return true;
  const lineStart = from + newline + 1;
  const column = cursor.position - lineStart;
  if (column > indent) return true;
  const next = text[cursor.position];
  return column === indent && depth === 0 && (next === ']' || next === '}');
}
