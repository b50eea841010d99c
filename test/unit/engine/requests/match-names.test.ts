/** Which services a request means. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import {
  chooseMembers,
  chooseServices,
  matches,
  matchNames,
} from '../../../../src/engine/requests/match-names.ts';
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

suite('names and labels together', () => {
  const services = [
    { name: 'db', labels: { tier: 'data' } },
    { name: 'web', labels: { team: 'web', tier: 'front' } },
    { name: 'web-mail', labels: { team: 'mail', tier: 'front' } },
    {
      name: 'odd',
      labels: Object.fromEntries([
        ['__proto__', 'x=y'],
        ['a=b', ''],
      ]),
    },
  ];
  const chosen = (names: readonly string[], labels?: readonly string[]): unknown => {
    const result = chooseServices({ names, labels }, services, (name) =>
      name === 'wbe' ? 'web' : undefined,
    );
    return 'why' in result ? result.why : [...result.found];
  };

  test('labels choose of all services, or of those that are named; each must hold', () => {
    assert.deepEqual(chosen([], ['tier=front']), ['web', 'web-mail']);
    assert.deepEqual(chosen([], ['tier']), ['db', 'web', 'web-mail']);
    assert.deepEqual(chosen([], ['tier=front', 'team=mail']), ['web-mail']);
    assert.deepEqual(chosen(['w*'], ['team=web']), ['web']);
    assert.deepEqual(chosen(['web', 'db'], []), ['web', 'db']);
    assert.deepEqual(chosen([], []), []);
  });

  test('keys and values are texts like others', () => {
    assert.deepEqual(chosen([], ['__proto__=x=y']), ['odd']);
    assert.deepEqual(chosen([], ['a=b']), ['odd']);
    assert.deepEqual(chosen([], ['a=b=']), ['odd']);
    assert.equal(chosen([], ['toString']), 'no service has the label "toString"');
  });

  test('RQ-5 a name, a pattern and a label that mean nobody are told, with the nearest name', () => {
    assert.equal(chosen([], ['team=none']), 'no service has the label "team=none"');
    assert.equal(chosen([], ['tier', 'x']), 'no service has the labels "tier", "x"');
    assert.equal(chosen(['web', 'db'], ['team']), '"db" means no service that has the label "team"');
    assert.equal(chosen(['web*', 'd*'], ['team']), '"d*" means no service that has the label "team"');
    assert.equal(chosen(['wbe'], ['team']), 'there is no service "wbe"; did you mean "web"?');
    assert.equal(chosen(['x*']), 'there is no service "x*"');
  });
});

test('SC-1 the name of a service with replicas means all of them, and only those that have the labels', () => {
  const members = [
    { name: 'web-1', labels: { team: 'web' }, replicaOf: 'web' },
    { name: 'web-2', labels: { team: 'web' }, replicaOf: 'web' },
    { name: 'db', labels: {} },
  ];
  const chosen = (names: readonly string[], labels?: readonly string[]): unknown => {
    const result = chooseMembers({ names, labels }, members, () => undefined);
    return 'why' in result ? result.why : [...result.found];
  };
  assert.deepEqual(chosen(['web']), ['web-1', 'web-2']);
  assert.deepEqual(chosen(['w*', 'db']), ['web-1', 'web-2', 'db']);
  assert.deepEqual(chosen(['web-2']), ['web-2']);
  assert.deepEqual(chosen(['web'], ['team=web']), ['web-1', 'web-2']);
  assert.deepEqual(chosen(['web', 'db'], ['team']), '"db" means no service that has the label "team"');
});
