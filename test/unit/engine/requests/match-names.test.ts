/** Which services a request means. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { matches, matchNames } from '../../../../src/engine/requests/match-names.ts';
import { assertProperty } from '../../../support/assert-property.ts';

/** The same by an expression, which short ones don't hurt. */
function expected(pattern: string, name: string): boolean {
  const source = [...pattern].map((sign) => ({ '*': '.*', '?': '.' })[sign] ?? sign).join('');
  return new RegExp(`^${source}$`, 's').test(name);
}

suite('patterns of names', () => {
  test('a star is any characters, a question mark is one, all else is itself', () => {
    const letters = fc.constantFrom('a', 'b');
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });
    assertProperty(
      fc.property(pattern, fc.string({ unit: letters, maxLength: 8 }), (one, name) =>
        assert.equal(matches(one, name), expected(one, name)),
      ),
      { numRuns: 5_000 },
    );
    assert.ok(matches('?.[x', '😀.[x') && !matches('?', 'ab') && !matches('.', 'a'));
  });

  // As an expression it would take longer than the world lasts.
  test('G9: a pattern that fits almost everywhere is answered at once', () => {
    const hostile = `${'*a'.repeat(99)}*b`;
    assert.ok(!matches(hostile, 'a'.repeat(10_000)));
    assert.ok(matches(hostile, `${'a'.repeat(10_000)}b`));
  });

  test('RQ-5 the first that is nobody is told', () => {
    const names = ['db', 'web-1', 'web-2'];
    assert.deepEqual(matchNames(['web-*', 'db'], names), {
      found: new Set(['web-1', 'web-2', 'db']),
      unknown: undefined,
    });
    assert.equal(matchNames(['db', 'x*', 'y'], names).unknown, 'x*');
  });
});
