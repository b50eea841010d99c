/**
 * What is open at a place of a script: a command, a quoted text, `${…}`, `$((…))`, a here-document; and for commands, the
 * words so far. Plain data that `shell-places.ts` keeps on a stack.
 */
import type { ShellPlace } from './shell-places.ts';
import type { Use } from './shell-words.ts';

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
