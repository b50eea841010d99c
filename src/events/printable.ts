/**
 * Foreign text made fit for a sentence: what a service says of itself, the arguments of another's process, names, paths.
 *
 * Whatever would move a cursor, begin a line, turn the direction of writing or stand there unseen is shown as an escape. Every
 * text of an event goes through here when it is stamped, and every sentence before it is written; what services print
 * does not: lines are passed on as they are.
 */
/** More of one text tells nobody anything. */
const MOST_CHARACTERS = 2000;

/**
 * Controls (C0, DEL, C1), line and paragraph separators, halves of pairs, noncharacters; what turns the direction of writing;
 * what is there and can't be seen. Joiners are left within emoji and within words of scripts that need them.
 */
const unprintable = (): RegExp => {
  // Made when first needed: most programs start and end without a text that is not plain.
  made ??= new RegExp(PARTS.join('|'), 'gu');
  return made;
};
let made: RegExp | undefined;
const PARTS = [
  '[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\ufffe\\uffff]',
  '[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]',
  '[\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u2060-\\u2065\\u206a-\\u206f]',
  '[\\u3164\\ufeff\\uffa0\\ufff0-\\ufffb\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]',
  '(?<![\\p{Extended_Pictographic}\\ufe0f\\u{1f3fb}-\\u{1f3ff}]|(?![\\x00-\\x7f])[\\p{L}\\p{M}])[\\u200c\\u200d]',
];
/** Nothing of that, and not too long: most texts. */
const PLAIN = /^[\x20-\x7e]{0,2000}$/;
const ASCII = /^[\n\x20-\x7e]*$/;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** On one line, every character of which can be seen, and of bounded length. */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text;
  return cut(text).replace(unprintable(), escaped);
}

/** The same for a text of several lines, each of any length. */
export function printableLines(text: string): string {
  if (ASCII.test(text)) return text;
  return text
    .split('\n')
    .map((line) => line.replace(unprintable(), escaped))
    .join('\n');
}

/** Every text in plain data made printable; what hasn't changed is the very same object. Keys in `except` are left alone. */
export function printableData<T>(data: T, except: ReadonlySet<string>): T {
  if (typeof data === 'string') return printable(data) as T;
  if (typeof data !== 'object' || data === null) return data;
  // Every event comes by here, and in nearly all there is nothing to change: so nothing is made for that.
  let changed: Record<string, unknown> | undefined;
  for (const key in data) {
    if (except.has(key) && !Array.isArray(data)) continue;
    const value: unknown = data[key];
    const shown = printableData(value, except);
    if (shown === value) continue;
    changed ??= (Array.isArray(data) ? [...data] : { ...data }) as Record<string, unknown>;
    changed[key] = shown;
  }
  return (changed as T | undefined) ?? data;
}

/** JSON that is safe to look at: what can't be seen in a text is escaped, so that it reads back as it was. */
export function jsonText(data: unknown, indent?: number): string {
  const text = JSON.stringify(data, undefined, indent);
  // JSON itself escapes controls up to 1f. Both line breaks are then of the indentation.
  return ASCII.test(text) ? text : text.replace(unprintable(), jsonEscaped);
}

function cut(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  return `${text.slice(0, MOST_CHARACTERS - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function jsonEscaped(character: string): string {
  if (character === '\n') return character;
  return character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function escaped(character: string): string {
  const code = character.codePointAt(0)!;
  const digits = code.toString(16);
  if (code < 0x100) return SHORT[character] ?? `\\x${digits.padStart(2, '0')}`;
  return code > 0xffff ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`;
}

// Text without the commands of terminals: colours, titles, links, moves of the cursor (ECMA-48). Reads each character a
// bounded number of times, whatever the text. Pure.
//
// What isn't finished goes as far as it is one: of a title without an end only its beginning.

const ESCAPE = 0x1b;
const BELL = 0x07;
/** The C1 forms of ESC [ and of ESC \\. */
const CSI = 0x9b;
const STRING_END = 0x9c;
/** ESC with one of these begins a string that a bell or ST ends: DCS, SOS, OSC, PM, APC, and the title of screen and tmux. */
const STRINGS = 'PX]^_k';

/** `keeps`: which commands stay, of those that are whole. */
export function plainText(text: string, keeps?: (sequence: string) => boolean): string {
  if (!text.includes('\x1b') && !text.includes('\x9b')) return text;
  const kept: string[] = [];
  let from = 0;
  // No string that begins from here on has an end: looked for once.
  let endless = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit !== ESCAPE && unit !== CSI) continue;
    if (at > from) kept.push(text.slice(from, at));
    if (unit === CSI) from = afterSequence(text, at + 1);
    else if (text[at + 1] === '[') from = afterSequence(text, at + 2);
    else if (at + 1 < text.length && STRINGS.includes(text[at + 1]!)) {
      const end: number | undefined = endless ? undefined : afterString(text, at + 2);
      endless = end === undefined;
      from = end ?? at + 2;
    } else from = afterShort(text, at + 1);
    if (keeps?.(text.slice(at, from)) === true) kept.push(text.slice(at, from));
    at = from - 1;
  }
  return kept.join('') + text.slice(from);
}

/** Parameters, then intermediates, then one final character. */
function afterSequence(text: string, from: number): number {
  let at = from;
  while (isBetween(text, at, 0x30, 0x3f)) at += 1;
  while (isBetween(text, at, 0x20, 0x2f)) at += 1;
  return isBetween(text, at, 0x40, 0x7e) ? at + 1 : at;
}

/** ESC with intermediates and one final character, such as "ESC ( B". */
function afterShort(text: string, from: number): number {
  let at = from;
  while (isBetween(text, at, 0x20, 0x2f)) at += 1;
  return isBetween(text, at, 0x30, 0x7e) ? at + 1 : at;
}

/** Undefined: it has no end. */
function afterString(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === BELL || unit === STRING_END) return at + 1;
    // Any other command ends the string as well.
    if (unit === ESCAPE) return text[at + 1] === '\\' ? at + 2 : at;
  }
  return undefined;
}

function isBetween(text: string, at: number, first: number, last: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= first && unit <= last;
}
