/**
 * A quick reader of the plain subset of YAML 1.2 that configurations are written in.
 *
 * Its law: it yields exactly what the package `yaml` yields, or declines at the first thing it isn't sure of
 * (anchors, tags, tabs, scalars over several lines, a key twice, …). It never accepts what `yaml` rejects. It
 * reports nothing: what is declined is read by `yaml`, which costs fifty times as much at start-up.
 */
import { isNewKey, readFlow } from './flow.ts';
import { type Cursor, DECLINED, readLiteral, readQuoted, resolvePlain, take } from './scalar.ts';

const UNUSUAL = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ufefe\uff00-\uffff]/;
const DOCUMENT_START = /^(?: *(?:#.*)?\n)*---(?: *| +#.*)\n/;
const TO_CONTENT = /(?: *(?:#.*)?\n)* */y;
const LINE_END = / *(?:\n|$)| +#.*(?:\n|$)/y;
const PLAIN_KEY = /[A-Za-z0-9_$][\w./-]*:(?=[ \n]|$)/y;
const QUOTED_KEY_END = /:(?=[ \n]|$)/y;
const ITEM = /-(?=[ \n]|$)/y;
const SPACES = / */y;
const PLAIN = /(?:[^ \n\-?:,[\]{}#&*!|>'"%@`]|-(?=[^ \n]))(?:[^ \n:]|:(?=[^ \n])| +(?=[^ \n#]))*/y;
const MAX_DEPTH = 50;

/**
 * Moves from content line to content line of block maps and lists, driven by indentation. Scalars over several lines,
 * explicit keys, lists in lists on one line and everything tagged are declined.
 */
interface BlockCursor extends Cursor {
  /** The column of the content the cursor stands on; -1 at the end of the document. */
  indent: number;
}

/** The value of a document that is a map or a list in block style; undefined: ask the full parser. */
export function quickYaml(text: string): unknown {
  try {
    return read(text);
  } catch (error) {
    // A text of many megabytes on one line is more than the stack of regular expressions holds.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function read(text: string): unknown {
  if (UNUSUAL.test(text)) return undefined;
  const cursor: BlockCursor = { text, position: DOCUMENT_START.exec(text)?.[0].length ?? 0, indent: -1 };
  toContent(cursor);
  if (cursor.indent === -1) return undefined;
  const value = readBlock(cursor, 0);
  return value === DECLINED || cursor.indent !== -1 ? undefined : value;
}

/** To the next line that has content. */
function toContent(cursor: BlockCursor): void {
  take(cursor, TO_CONTENT);
  const { text, position } = cursor;
  // A comment without a line end is the end of the document.
  const atEnd = position >= text.length || text[position] === '#';
  cursor.indent = atEnd ? -1 : position - text.lastIndexOf('\n', position - 1) - 1;
}

/** The map or list that starts where the cursor stands; the cursor then at the first content that is not deeper. */
function readBlock(cursor: BlockCursor, depth: number): unknown {
  if (depth > MAX_DEPTH) return DECLINED;
  return isItem(cursor) ? readList(cursor, depth) : readMap(cursor, depth);
}

function isItem(cursor: BlockCursor): boolean {
  ITEM.lastIndex = cursor.position;
  return ITEM.test(cursor.text);
}

function readMap(cursor: BlockCursor, depth: number): object | typeof DECLINED {
  const { indent } = cursor;
  const map: Record<string, unknown> = {};
  while (cursor.indent === indent) {
    const key = readKey(cursor);
    if (key === undefined || key === DECLINED || !isNewKey(map, key)) return DECLINED;
    const value = readValue(cursor, indent, depth, true);
    if (value === DECLINED) return DECLINED;
    map[key] = value;
  }
  return cursor.indent > indent ? DECLINED : map;
}

function readList(cursor: BlockCursor, depth: number): unknown[] | typeof DECLINED {
  const { indent } = cursor;
  const list: unknown[] = [];
  while (cursor.indent === indent && isItem(cursor)) {
    cursor.position += 1;
    const item = readItem(cursor, indent, depth);
    if (item === DECLINED) return DECLINED;
    list.push(item);
  }
  return cursor.indent > indent ? DECLINED : list;
}

/** What follows a `-`: a map that starts on its line, or a value. */
function readItem(cursor: BlockCursor, indent: number, depth: number): unknown {
  const from = cursor.position;
  const column = indent + 1 + take(cursor, SPACES)!.length;
  const start = cursor.position;
  const key = readKey(cursor);
  if (key === undefined) {
    cursor.position = from;
    return readValue(cursor, indent, depth, false);
  }
  cursor.position = start;
  cursor.indent = column;
  return depth > MAX_DEPTH ? DECLINED : readMap(cursor, depth + 1);
}

/** The key at the cursor, which then stands behind its colon; undefined if there is none, and nothing moved. */
function readKey(cursor: BlockCursor): string | typeof DECLINED | undefined {
  const from = cursor.position;
  const first = cursor.text[from];
  if (first === '"' || first === "'") {
    const key = readQuoted(cursor);
    if (key !== DECLINED && take(cursor, QUOTED_KEY_END) !== undefined) return key;
    cursor.position = from;
    return undefined;
  }
  const key = take(cursor, PLAIN_KEY)?.slice(0, -1);
  return key === undefined || typeof resolvePlain(key) === 'string' ? key : DECLINED;
}

/** The value behind a colon or a `-`; the cursor then at the next content, which must not be deeper than `indent`. */
function readValue(cursor: BlockCursor, indent: number, depth: number, inMap: boolean): unknown {
  if (take(cursor, LINE_END) !== undefined) {
    toContent(cursor);
    const isLevelList = inMap && cursor.indent === indent && isItem(cursor);
    if (cursor.indent <= indent && !isLevelList) return null;
    return readBlock(cursor, depth + 1);
  }
  take(cursor, SPACES);
  const value = readInline(cursor, indent);
  if (value === DECLINED) return DECLINED;
  toContent(cursor);
  return cursor.indent > indent ? DECLINED : value;
}

function readInline(cursor: BlockCursor, indent: number): unknown {
  const first = cursor.text[cursor.position];
  if (first === '|' || first === '>') return readLiteral(cursor, indent);
  let value: unknown;
  if (first === '[' || first === '{') value = readFlow(cursor, indent);
  else if (first === '"' || first === "'") value = readQuoted(cursor);
  else {
    const word = take(cursor, PLAIN);
    value = word === undefined ? DECLINED : resolvePlain(word);
  }
  return value === DECLINED || take(cursor, LINE_END) === undefined ? DECLINED : value;
}
