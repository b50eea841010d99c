import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patternTrouble } from '../../../src/patterns/compile-pattern.ts';

test('what can be matched has no trouble: looks around and groups again included', () => {
  for (const source of ['ready', '(?=a)b', '(?<=a)b', '(a)\\1', 'x{0,1000}', '\\k<a>'])
    assert.equal(patternTrouble(source), undefined, source);
});

const table: readonly [source: string, why: RegExp, hint: RegExp][] = [
  ['(', /^Unterminated group$/, /backslash/],
  ['*', /^Nothing to repeat$/, /backslash/],
  ['(?:a{1000}){1000}', /^it is too large/, /\* or \+/],
  ['(?:){999999999}', /^it is too large/, /\* or \+/],
  ['(?:(?:){9999}){9999}', /^it is too large/, /\* or \+/],
  [`${'('.repeat(200)}${')'.repeat(200)}`, /^it is nested more than 100 deep$/, /simpler/],
];

for (const [source, why, hint] of table)
  test(`the trouble with /${source}/ and its remedy are said`, () => {
    const trouble = patternTrouble(source);
    assert.match(trouble?.why ?? '', why);
    assert.match(trouble?.hint ?? '', hint);
  });
