/**
 * What is open at a place of a script: a command with its words so far, a quoted text, `${…}`, `$((…))`, a
 * here-document.
 *
 * Plain data that `places.ts` keeps on a stack. Where parts end that shells cut out before they read them is said here
 * too: backquotes, here-documents. Pure.
 */
import type { Use } from './words.ts';

/** Places at which a value can't be. */
export type Refusal = 'reread' | 'escaped' | 'dollar' | 'here' | 'backquote' | 'ansi' | 'brace';

export type Quoting = 'bare' | 'double' | 'single' | 'comment';

/** How a value is seen by the shell where it stands. */
export interface ShellPlace {
  readonly kind: Quoting | Refusal;
  /** The shell calculates with it, and bash would execute what is no number. */
  readonly calculates: boolean;
}

export interface HereDocument {
  readonly delimiter: string;
  readonly isQuoted: boolean;
  /** Tabs before its lines don't count. */
  readonly isIndented: boolean;
}

export interface Frame {
  readonly kind: 'command' | 'double' | 'brace' | 'arith' | 'here';
  /** How a value in it is seen. */
  readonly place: ShellPlace['kind'];
  /** Where it ends at the latest. */
  end: number;
  /** Where the text goes on when it has ended there. */
  readonly after?: number;
  /** A closing parenthesis ends it. */
  readonly closes: boolean;
  /** What becomes of all of its text. */
  use: Use;
  /** Those that are open in it. */
  parens: number;
  /** `case` without its `esac`. */
  cases: number;
  /** Of the simple command. Quotes are left as a `"`: what is quoted is no keyword. */
  words: string[];
  word: string;
  pending: HereDocument[];
}

export function commandFrame(kind: 'script' | 'command' | 'double' | 'here', end: number): Frame {
  return {
    kind: kind === 'script' ? 'command' : kind,
    place: 'bare',
    end,
    closes: false,
    use: undefined,
    parens: 0,
    cases: 0,
    words: [],
    word: '',
    pending: [],
  };
}

/** Two parentheses are open. */
export function arithFrame(end: number): Frame {
  return { ...commandFrame('command', end), kind: 'arith', place: 'double', parens: 2 };
}

const DEFAULTING = /(?:[A-Za-z_]\w*|\d+|[@*#?$!-]):?[-=?+]/y;

/** Behind `${`. Only in what stands for a missing value is a value no pattern, no offset and no index. */
export function braceFrame(text: string, from: number, under: Frame): Frame {
  DEFAULTING.lastIndex = from;
  const isBare = under.kind === 'command' || (under.kind === 'brace' && under.place === 'bare');
  const inner = isBare ? 'bare' : 'double';
  const place = DEFAULTING.test(text) ? inner : 'brace';
  const use = under.kind === 'arith' ? 'number' : undefined;
  return { ...commandFrame('command', under.end), kind: 'brace', place, use };
}

/** After them a command begins. */
const RESERVED = new Set('then do else elif if while until { } ! time fi done'.split(' '));
/** Enough to know a command by. */
const MOST_WORDS = 50;

/** Longer is no word that means anything here. */
const LONGEST_WORD = 200;

export function extendWord(frame: Frame, text: string): void {
  if (frame.word.length < LONGEST_WORD) frame.word += text;
}

export function finishWord(frame: Frame): void {
  const { word, words } = frame;
  if (word === '') return;
  frame.word = '';
  if (words.length === 0 && RESERVED.has(word)) return;
  if (words.length === 0 && word === 'esac') {
    frame.cases = Math.max(0, frame.cases - 1);
    return;
  }
  if (words.length === 0 && word === 'case') frame.cases += 1;
  // What follows are patterns.
  if (words[0] === 'case' && word === 'in' && words.length > 1) frame.words = [];
  else if (words.length < MOST_WORDS) words.push(word);
}

export function finishCommand(frame: Frame): void {
  finishWord(frame);
  frame.words = [];
}

/** The next backquote that no backslash stands before; `limit` if there is none. */
export function backquoteEnd(text: string, from: number, limit: number): number {
  for (let at = from; at < limit; at++) {
    if (text[at] === '`') return at;
    if (text[at] === '\\') at += 1;
  }
  return limit;
}

const DELIMITER = /<<(?:<|(-?)[ \t]*((?:\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|[^\s;&|<>()'"\\])*))/y;

/** What `<<` at this place begins, and where its delimiter ends; nothing for `<<<`. */
export function hereDocumentAt(
  text: string,
  at: number,
): { readonly here?: HereDocument; readonly end: number } {
  DELIMITER.lastIndex = at;
  const [whole = '<<', dash, word] = DELIMITER.exec(text) ?? [];
  const end = at + whole.length;
  if (word === undefined || word === '') return { end };
  const delimiter = word.replace(/\\([\s\S])|['"]/g, '$1');
  return { here: { delimiter, isQuoted: /['"\\]/.test(word), isIndented: dash === '-' }, end };
}

/** Where the text of a here-document ends whose first line begins at `from`, and where the script goes on. */
export function hereEnd(
  text: string,
  from: number,
  { delimiter, isIndented }: HereDocument,
): { readonly end: number; readonly after: number } {
  for (let start = from; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const lineEnd = newline === -1 ? text.length : newline;
    const line = text.slice(start, lineEnd);
    if ((isIndented ? line.replace(/^\t+/, '') : line) === delimiter) return { end: start, after: lineEnd };
    start = lineEnd + 1;
  }
  return { end: text.length, after: text.length };
}
