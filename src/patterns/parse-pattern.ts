/**
 * Reads a regular expression of JavaScript without flags, or with `i`, with the old liberties that the language allows there
 * (ECMA-262, annex B.1.2). The text must be one that `RegExp` accepts: mistakes are its business.
 */
import { type CharSet, complement, notLineEnd, union } from './char-set.ts';
import { foldCase } from './fold-case.ts';
import { createEscapeReader, plainName, type Reader, take } from './parse-escape.ts';
import type { Pattern, PatternNode } from './pattern-tree.ts';

const QUANTIFIER = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})(\??)/y;
const OPENING = /\((?:\?(?:(:)|(=|!|<=|<!)|<([^>]+)>))?/y;
const GROUPS = /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\((?:\?<(?![=!])([^>]+)>|(?!\?))/g;

/** Far from the end of the stack, and further than anybody nests. */
const MOST_DEEP = 100;

/** A regular expression that `RegExp` may take, and this doesn't. */
export class UnusablePatternError extends Error {
  /** What to do about it, a sentence without its end. */
  readonly hint: string;

  constructor(why: string, hint: string) {
    super(why);
    this.hint = hint;
  }
}

/** Throws `UnusablePatternError`. */
export function parsePattern(source: string, ignoreCase = false): Pattern {
  const fold = ignoreCase ? foldCase : (set: CharSet): CharSet => set;
  const { groupCount, names } = findGroups(source);
  const reader: Reader = { source, at: 0 };
  const readEscape = createEscapeReader(reader, groupCount, names);
  let opened = 0;
  let depth = 0;

  const readChoice = (): PatternNode => {
    const of = [readSequence()];
    while (source[reader.at] === '|') {
      reader.at += 1;
      of.push(readSequence());
    }
    return of.length === 1 ? of[0]! : { kind: 'choice', of };
  };

  const readSequence = (): PatternNode => {
    const of: PatternNode[] = [];
    while (reader.at < source.length && source[reader.at] !== '|' && source[reader.at] !== ')') {
      const from = opened;
      of.push(quantified(readAtom(), [from + 1, opened + 1]));
    }
    return of.length === 1 ? of[0]! : { kind: 'sequence', of };
  };

  const quantified = (of: PatternNode, groups: readonly [number, number]): PatternNode => {
    const match = take(reader, QUANTIFIER);
    if (match === null) return of;
    const [, sign, least, comma, most, lazy] = match;
    const min = sign === undefined ? Number(least) : sign === '+' ? 1 : 0;
    const open = sign === '*' || sign === '+' || (comma !== undefined && most === '');
    const max = open ? Number.POSITIVE_INFINITY : sign === '?' ? 1 : Number(most ?? least);
    return { kind: 'repeat', of, min, max, lazy: lazy === '?', groups };
  };

  const readAtom = (): PatternNode => {
    switch (source[reader.at]) {
      case '(':
        return readGroup();
      case '[':
        return { kind: 'unit', set: readClass() };
      case '\\':
        return readEscaped();
      case '.':
        reader.at += 1;
        return { kind: 'unit', set: notLineEnd };
      case '^':
        reader.at += 1;
        return { kind: 'assert', what: 'start' };
      case '$':
        reader.at += 1;
        return { kind: 'assert', what: 'end' };
      default: {
        const unit = source.charCodeAt(reader.at);
        reader.at += 1;
        return { kind: 'unit', set: fold([unit, unit]) };
      }
    }
  };

  const readEscaped = (): PatternNode => {
    const node = readEscape.outside();
    return node.kind === 'unit' ? { ...node, set: fold(node.set) } : node;
  };

  const readGroup = (): PatternNode => {
    const [text, plain, look] = take(reader, OPENING)!;
    if (text === '(' && source[reader.at] === '?')
      throw new UnusablePatternError(
        `"(?${source[reader.at + 1] ?? ''}" is not supported`,
        'Write it without flags inside; flags: i is for the whole, [Rr]eady for one letter in both cases',
      );
    const index = plain === undefined && look === undefined ? ++opened : undefined;
    depth += 1;
    if (depth > MOST_DEEP) {
      throw new UnusablePatternError(`it is nested more than ${MOST_DEEP} deep`, 'Write a simpler one');
    }
    const of = readChoice();
    depth -= 1;
    reader.at += 1;
    if (look !== undefined)
      return { kind: 'look', ahead: !look.startsWith('<'), negated: look.endsWith('!'), of };
    return index === undefined ? of : { kind: 'group', index, of };
  };

  const readClass = (): CharSet => {
    const negated = source[reader.at + 1] === '^';
    reader.at += negated ? 2 : 1;
    const ranges: number[] = [];
    while (source[reader.at] !== ']') {
      const first = readEscape.inClass();
      const isRange = source[reader.at] === '-' && source[reader.at + 1] !== ']';
      if (!isRange) {
        ranges.push(...first);
        continue;
      }
      reader.at += 1;
      const last = readEscape.inClass();
      const single = (set: CharSet) => set.length === 2 && set[0] === set[1];
      if (single(first) && single(last)) ranges.push(first[0]!, last[0]!);
      else ranges.push(...first, 0x2d, 0x2d, ...last);
    }
    reader.at += 1;
    const set = fold(union(ranges));
    return negated ? complement(set) : set;
  };

  return { root: readChoice(), groupCount, names };
}

/**
 * How many groups there are, and which have names. They are known before the reading: `\1` and `\k` mean what they
 * mean by all of them.
 */
function findGroups(source: string): Pick<Pattern, 'groupCount' | 'names'> {
  const names = new Map<string, number[]>();
  let groupCount = 1;
  for (const match of source.matchAll(GROUPS)) {
    if (!match[0].startsWith('(')) continue;
    const [, name] = match;
    if (name !== undefined) names.set(plainName(name), [...(names.get(plainName(name)) ?? []), groupCount]);
    groupCount += 1;
  }
  return { groupCount, names };
}
