/**
 * Letters that are the same to a regular expression with the flag `i` and without `u` (ECMA-262, Canonicalize). Pure.
 */
import { type CharSet, contains, union } from './char-set.ts';

const UNITS = 0x10000;
const ASCII = 0x80;

/** What stands for a unit and for all that are the same as it. */
export function canonical(unit: number): number {
  const upper = String.fromCharCode(unit).toUpperCase();
  if (upper.length !== 1) return unit;
  const folded = upper.charCodeAt(0);
  return unit >= ASCII && folded < ASCII ? unit : folded;
}

/** The set, and every unit that is the same as one of it. */
export function foldCase(set: CharSet): CharSet {
  const found = sameUnits().filter((units) => units.some((unit) => contains(set, unit)));
  return union([...set, ...found.flatMap((units) => units.flatMap((unit) => [unit, unit]))]);
}

let same: readonly (readonly number[])[] | undefined;

/** Those that are the same as others, together. Made when it is needed: that takes some milliseconds. */
function sameUnits(): readonly (readonly number[])[] {
  if (same !== undefined) return same;
  const found = new Map<number, number[]>();
  for (let unit = 0; unit < UNITS; unit += 1) {
    const folded = canonical(unit);
    if (folded === unit) continue;
    const units = found.get(folded) ?? [folded];
    units.push(unit);
    found.set(folded, units);
  }
  same = [...found.values()];
  return same;
}
