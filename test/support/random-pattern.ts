/**
 * Regular expressions, as people and attackers write them, and lines that may match.
 */
import fc from 'fast-check';

const ATOMS = [
  'a',
  'b',
  'c',
  '1',
  ' ',
  'B',
  'é',
  'Σ',
  'ſ',
  '[à-ü]',
  '😀',
  '.',
  '\\d',
  '\\w',
  '\\s',
  '\\W',
  '\\D',
  '[ab]',
  '[^a]',
  '[a-c\\d]',
  '[\\b-]',
  '[]',
  '[^]',
  '\\x61',
  '\\u0062',
  '\\-',
  '\\x6',
  '\\ca',
  '\\c1',
  '\\0',
  '\\07',
  '\\8',
  '{',
  '}',
  ']',
  'a{,2}',
  '\\p{L}',
  '\\k',
];
const EDGES = ['^', '$', '\\b', '\\B'];
const AGAIN = ['\\1', '\\2'];
const QUANTIFIERS = ['*', '+', '?', '{2}', '{1,}', '{0,2}', '{1,3}', '*?', '+?', '??', '{0,2}?'];
const OPENINGS = ['(', '(?:', '(?<name>', '(?=', '(?!', '(?<=', '(?<!'];
const REGULAR_OPENINGS = OPENINGS.slice(0, 3);

/** `regular`: without looks around and groups again. */
export function randomPattern(regular = false): fc.Arbitrary<string> {
  const { tree } = fc.letrec<{ tree: string; piece: string; atom: string }>((tie) => ({
    tree: fc
      .array(fc.array(tie('piece'), { maxLength: 4 }), { minLength: 1, maxLength: 2 })
      .map((ways) => ways.map((pieces) => pieces.join('')).join('|')),
    piece: fc.oneof(
      tie('atom'),
      fc.tuple(tie('atom'), fc.constantFrom(...QUANTIFIERS)).map((parts) => parts.join('')),
      fc.constantFrom(...EDGES),
    ),
    atom: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(...ATOMS, ...(regular ? [] : AGAIN)),
      fc
        .tuple(fc.constantFrom(...(regular ? REGULAR_OPENINGS : OPENINGS)), tie('tree'))
        .map(([opening, inner]) => `${opening}${inner})`),
    ),
  }));
  return tree.map(namesApart).filter(isPattern);
}

export const randomLine = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'c',
      'A',
      'K',
      'Ω',
      'É',
      'ς',
      's',
      '1',
      ' ',
      '_',
      'é',
      '😀',
      '\u2028',
      '\b',
      '\x01',
      '-',
      '{',
      'k',
      'p{L}',
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''));

function namesApart(source: string): string {
  let count = 0;
  return source.replaceAll('<name>', () => `<n${count++}>`);
}

function isPattern(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
