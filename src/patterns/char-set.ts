/**
 * Sets of UTF-16 code units, as a regular expression without flags sees characters.
 *
 * A set is a flat list of ranges, first and last, in order and apart; it never changes.
 */

export type CharSet = readonly number[];

const LAST_UNIT = 0xffff;
const LINE_ENDS = [0x0a, 0x0a, 0x0d, 0x0d, 0x2028, 0x2029];
const DIGITS = [0x30, 0x39];
const WORDS = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
const SPACES = [
  0x09, 0x0d, 0x20, 0x20, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f,
  0x205f, 0x3000, 0x3000, 0xfeff, 0xfeff,
];

/** What the ranges cover together, in whatever order they come. */
export function union(ranges: readonly number[]): CharSet {
  const starts = ranges.flatMap((first, at) => (at % 2 === 0 ? [[first, ranges[at + 1]!] as const] : []));
  const merged: number[] = [];
  for (const [first, last] of starts.sort((a, b) => a[0] - b[0])) {
    const end = merged.at(-1);
    if (end !== undefined && first <= end + 1) merged[merged.length - 1] = Math.max(end, last);
    else merged.push(first, last);
  }
  return merged;
}

export function complement(set: CharSet): CharSet {
  const rest: number[] = [];
  let from = 0;
  for (let at = 0; at < set.length; at += 2) {
    if (set[at]! > from) rest.push(from, set[at]! - 1);
    from = set[at + 1]! + 1;
  }
  if (from <= LAST_UNIT) rest.push(from, LAST_UNIT);
  return rest;
}

export function contains(set: CharSet, unit: number): boolean {
  let low = 0;
  let high = set.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (unit > set[middle * 2 + 1]!) low = middle + 1;
    else if (unit < set[middle * 2]!) high = middle;
    else return !Number.isNaN(unit);
  }
  return false;
}

export const notLineEnd: CharSet = complement(LINE_ENDS);
export const wordUnits: CharSet = WORDS;

/** The sets of `\d`, `\w`, `\s` and their opposites. */
export const escapedSets: ReadonlyMap<string, CharSet> = new Map([
  ['d', DIGITS],
  ['D', complement(DIGITS)],
  ['w', WORDS],
  ['W', complement(WORDS)],
  ['s', SPACES],
  ['S', complement(SPACES)],
]);

/** A set that is asked often. */
export class UnitTable {
  readonly #ascii = new Uint8Array(128);
  readonly #set: CharSet;

  constructor(set: CharSet) {
    this.#set = set;
    for (let unit = 0; unit < 128; unit += 1) this.#ascii[unit] = Number(contains(set, unit));
  }

  /** Of NaN, as before and after a text: no. */
  has(unit: number): boolean {
    return unit < 128 ? this.#ascii[unit] === 1 : contains(this.#set, unit);
  }
}
