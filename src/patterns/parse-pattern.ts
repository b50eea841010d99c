/**
 * Reads a regular expression of JavaScript without flags, with the old liberties that the language allows there
 * (ECMA-262, annex B.1.2). The text must be one that `RegExp` accepts: mistakes are its business.
 */
import { type CharSet, complement, notLineEnd, union } from './char-set.ts';
import { createEscapeReader, type Reader } from './parse-escape.ts';
import { findGroups } from './pattern-groups.ts';
import type { Pattern, PatternNode } from './pattern-tree.ts';
import { UnusablePatternError } from './unusable-pattern.ts';

const QUANTIFIER = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})(\??)/y;
const OPENING = /\((?:\?(?:(:)|(=|!|<=|<!)|<([^>]+)>))?/y;

/** Far from the end of the stack, and further than anybody nests. */
const MOST_DEEP = 100;

export function parsePattern(source: string): Pattern {
  const { groupCount, names } = findGroups(source);
  const reader: Reader = { source, at: 0 };
  const readEscape = createEscapeReader(reader, groupCount, names);
  let opened = 0;
  let depth = 0;

  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = reader.at;
    const match = pattern.exec(source);
    if (match !== null) reader.at = pattern.lastIndex;
    return match;
  };

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
    const match = take(QUANTIFIER);
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
        return readEscape.outside();
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
        return { kind: 'unit', set: [unit, unit] };
      }
    }
  };

  const readGroup = (): PatternNode => {
    const [text, plain, look] = take(OPENING)!;
    if (text === '(' && source[reader.at] === '?')
      throw new UnusablePatternError(
        `"(?${source[reader.at + 1] ?? ''}" is not supported`,
        'Write it without flags, such as [Rr]eady for both cases',
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
    const set = union(ranges);
    return negated ? complement(set) : set;
  };

  return { root: readChoice(), groupCount, names };
}
