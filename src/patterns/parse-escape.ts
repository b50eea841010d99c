/**
 * What a backslash means in a regular expression without flags, outside of a class and in one.
 *
 * An escape that means nothing stands for its character; so does one that isn't finished (`\x4`, `\u12`).
 */
import { type CharSet, escapedSets } from './char-set.ts';
import type { Pattern, PatternNode } from './pattern-tree.ts';

export interface Reader {
  readonly source: string;
  at: number;
}

/** What a sticky pattern matches there, the reader then behind it; null, and nothing moves, if nothing. */
export function take(reader: Reader, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = reader.at;
  const match = pattern.exec(reader.source);
  if (match !== null) reader.at = pattern.lastIndex;
  return match;
}

export interface EscapeReader {
  outside(): PatternNode;
  /** One member of a class, escaped or not. */
  inClass(): CharSet;
}

const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['t', 0x09],
  ['n', 0x0a],
  ['v', 0x0b],
  ['f', 0x0c],
  ['r', 0x0d],
]);
const HEX = /x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})/y;
const OCTAL = /[0-3][0-7]{0,2}|[4-7][0-7]?/y;
const DECIMAL = /[1-9]\d*/y;
const NAME = /k<([^>]+)>/y;
const CONTROL_LETTER = /c([A-Za-z])/y;
const CONTROL_IN_CLASS = /c([A-Za-z0-9_])/y;

export function createEscapeReader(
  reader: Reader,
  groupCount: number,
  names: Pattern['names'],
): EscapeReader {
  const { source } = reader;
  const unit = (): number => source.charCodeAt(reader.at++);

  /** What means the same everywhere; the backslash has been read. */
  const common = (controlLetter: RegExp): CharSet => {
    const letter = source[reader.at] ?? '';
    const known = escapedSets.get(letter);
    if (known !== undefined) {
      reader.at += 1;
      return known;
    }
    return single(code(letter, controlLetter));
  };
  const code = (letter: string, controlLetter: RegExp): number => {
    const control = CONTROLS.get(letter);
    if (control !== undefined) {
      reader.at += 1;
      return control;
    }
    const octal = take(reader, OCTAL);
    if (octal !== null) return Number.parseInt(octal[0], 8);
    const hex = take(reader, HEX);
    if (hex !== null) return Number.parseInt(hex[1] ?? hex[2] ?? '', 16);
    if (letter !== 'c') return unit();
    const named = take(reader, controlLetter);
    // `\c` without a letter is a backslash; the "c" comes after it.
    return named === null ? 0x5c : named[1]!.charCodeAt(0) % 32;
  };

  return {
    outside() {
      reader.at += 1;
      const letter = source[reader.at];
      if (letter === 'b' || letter === 'B') {
        reader.at += 1;
        return { kind: 'assert', what: letter === 'b' ? 'word-edge' : 'no-word-edge' };
      }
      const name = names.size > 0 ? take(reader, NAME) : null;
      if (name !== null) return { kind: 'again', groups: names.get(plainName(name[1]!)) ?? [] };
      const from = reader.at;
      const number = take(reader, DECIMAL);
      if (number !== null && Number(number[0]) < groupCount)
        return { kind: 'again', groups: [Number(number[0])] };
      reader.at = from;
      return { kind: 'unit', set: common(CONTROL_LETTER) };
    },
    inClass() {
      if (source[reader.at] !== '\\') return single(unit());
      reader.at += 1;
      if (source[reader.at] !== 'b') return common(CONTROL_IN_CLASS);
      reader.at += 1;
      return single(0x08);
    },
  };
}

function single(unit: number): CharSet {
  return [unit, unit];
}

/** A name may be written with escapes: `\u0061`, `\u{61}`. */
export function plainName(name: string): string {
  return name.replace(/\\u(?:\{([0-9a-f]+)\}|([0-9a-f]{4}))/gi, (_, braced?: string, four?: string) => {
    const code = Number.parseInt(braced ?? four ?? '', 16);
    return braced === undefined ? String.fromCharCode(code) : String.fromCodePoint(code);
  });
}
