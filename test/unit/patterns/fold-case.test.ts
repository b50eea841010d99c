import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contains } from '../../../src/patterns/char-set.ts';
import { canonical, foldCase } from '../../../src/patterns/fold-case.ts';

test('letters are the same exactly where they are to RegExp with the flag i, for every unit and what may be the same as it', () => {
  for (let unit = 0; unit < 0x10000; unit += 1) {
    const letter = String.fromCharCode(unit);
    const set = foldCase([unit, unit]);
    const near = [letter.toUpperCase(), letter.toLowerCase(), 's', 'k', 'ſ', '\u212a', 'ς', 'σ', 'Σ'];
    for (const other of near.filter(({ length }) => length === 1)) {
      const code = other.charCodeAt(0);
      const written = `\\u${unit.toString(16).padStart(4, '0')}`;
      const isSame = new RegExp(`^${written}$`, 'i').test(other);
      assert.equal(contains(set, code), isSame, `${written} and ${other}`);
      assert.equal(canonical(unit) === canonical(code), isSame, `${written} and ${other}`);
    }
  }
});
