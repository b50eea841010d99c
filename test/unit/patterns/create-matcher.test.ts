import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMatcher } from '../../../src/patterns/create-matcher.ts';
import { assertProperty } from '../../support/assert-property.ts';
import { randomLine, randomPattern } from '../../support/random-pattern.ts';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 2_000);
const LONG = 65_536;
/** What a line may cost: that it may match, then the whole, then its first parts. */
const MOST_STEPS = 320_000;

/** What `RegExp` finds, in the form of a match. */
function expected(source: string, line: string, ignoreCase = false) {
  const match = new RegExp(source, ignoreCase ? 'i' : '').exec(line);
  if (match === null) return undefined;
  const groups = Object.entries(match.groups ?? {}).filter((entry) => entry[1] !== undefined);
  return { text: match[0], groups: Object.fromEntries(groups) };
}

test('patterns of users, any pattern and line: the match is that of RegExp, groups included', () => {
  assertProperty(
    fc.property(
      randomPattern(),
      fc.boolean(),
      fc.array(randomLine, { minLength: 1, maxLength: 4 }),
      (source, ignoreCase, lines) => {
        const matcher = createMatcher(source, ignoreCase);
        for (const line of lines) {
          matcher.beginChunk();
          const match = matcher.match(line);
          if (matcher.passedOver === 0) assert.deepEqual(match, expected(source, line, ignoreCase));
          assert.ok(
            matcher.passedOver === 0 || /\\[12]|\(\?<?[=!]/.test(source),
            'a regular one is never too much',
          );
        }
      },
    ),
    { numRuns: RUNS },
  );
});

test('bytes of a line are ruled out only if the line does not match', () => {
  assertProperty(
    fc.property(randomPattern(), fc.boolean(), randomLine, randomLine, (source, ignoreCase, line, before) => {
      const bytes = Buffer.from(before + line);
      const from = Buffer.byteLength(before);
      if (createMatcher(source, ignoreCase).rulesOut(bytes, from, bytes.length))
        assert.equal(expected(source, line, ignoreCase), undefined);
    }),
    { numRuns: RUNS },
  );
});

const table: readonly [pattern: string, line: string][] = [
  ['listening on .*:(?<port>\\d+)', 'listening on http://[::1]:3000/ and :4000'],
  ['(?<!un)ready', 'unready, ready'],
  ['(\\s*a??)*|', ' a'],
  ['(?:b*?a??)*(?<rest>.*)', 'bab'],
  ['(?:(?:x??y??)*z??)*', 'xyzxz'],
  ['^(?!.*debug).*ready', 'debug: ready'],
  ['(["\'])(?<word>\\w+)\\1', 'say "hello"'],
  ['(?<a>x)?(?<b>y)|z', 'y'],
  ['(?:(?<a>a)|b)*', 'ab'],
  ['(a*)*', 'b'],
  ['(?<year>\\d{4})-(?<month>\\d{2})', 'on 2026-11-27'],
  ['\\u{61}', 'uuuuu'],
  ['(?<constructor>a)', 'a'],
  ['(?<=(?<pre>a+))b', 'aab'],
  ['[\\w-]+@[\\w.-]+', 'mail me@example.org now'],
  ['', ''],
  ['[一-龥]+(?<end>é)', '中文é'],
  [`[${Array.from({ length: 300 }, (_, n) => String.fromCharCode(0x100 + 2 * n)).join('')}]`, 'ĂĄ'],
];

for (const [pattern, line] of table)
  test(`patterns of users, /${pattern}/ on '${line}': as RegExp`, () => {
    assert.deepEqual(createMatcher(pattern).match(line), expected(pattern, line));
  });

test('work is counted: a line costs no more than its share of steps, whatever the pattern', () => {
  const evil: readonly [pattern: string, line: string][] = [
    ['(a *)*\\|$', `${'a '.repeat(LONG / 2)}| aaaa`],
    ['(a*)*$', `${'a'.repeat(LONG)}b`],
    ['listening on .*:(?<port>\\d+)', 'listening on '.repeat(5_000)],
    ['listening on .*:(?<port>\\d+)', `listening on ${':x'.repeat(25_000)}`],
    ['(x+x+)+y', 'x'.repeat(LONG)],
    ['.*.*.*.*.*z', 'x'.repeat(LONG)],
    ['(?:a|a)*\\bz', 'a'.repeat(LONG)],
    ['a[ab]{15}c', 'abbabaaabbab'.repeat(5_000)],
    ['(a|a)*\\1z', `${'a'.repeat(LONG)}z`],
    ['(?=.*foo)bar', 'bar'.repeat(20_000)],
    ['(?:(?=(a+)+$)a)*b', `${'a'.repeat(LONG)}b`],
    ['(?:a?){500}a{500}z', `${'a'.repeat(LONG)}z`],
  ];
  for (const [pattern, line] of evil) {
    const matcher = createMatcher(pattern);
    matcher.match(line);
    assert.ok(matcher.spent <= MOST_STEPS, `${pattern}: ${matcher.spent} steps`);
  }
});

test('work is counted: what cannot match costs steps by the pattern, not by the line', () => {
  assertProperty(
    fc.property(randomPattern(true), fc.constantFrom('a', 'ab', 'a1 ', 'é'), (source, unit) => {
      const [short, long] = [200, 2_000].map((times) => {
        const matcher = createMatcher(source);
        const match = matcher.match(unit.repeat(times));
        return { spent: matcher.spent, matched: match !== undefined };
      });
      // A match costs each step at each character once at most; states of the automaton are made once.
      assert.ok(long!.spent <= 12 * short!.spent + 10_000 || short!.matched !== long!.matched);
    }),
    { numRuns: RUNS / 4 },
  );
});

test('work is counted: a line that takes too much is passed over and counted, and the next one is matched', () => {
  const matcher = createMatcher('(a|a)*\\1z');
  assert.equal(matcher.match(`${'a'.repeat(60)}bz`), undefined);
  assert.equal(matcher.passedOver, 1);
  assert.deepEqual(matcher.match('aaz'), { text: 'aaz', groups: {} });
  assert.equal(matcher.passedOver, 1);
});

test('work is counted: the lines of a chunk have a share together, and a new one with the next chunk', () => {
  const matcher = createMatcher('(a|a)*\\1z');
  const line = `${'a'.repeat(60)}bz`;
  for (let count = 0; count < 1_000; count += 1) matcher.match(line);
  assert.ok(matcher.spent < 2_200_000, `${matcher.spent} steps`);
  assert.equal(matcher.match('aaz'), undefined);
  assert.equal(matcher.passedOver, 1_001);
  matcher.beginChunk();
  assert.deepEqual(matcher.match('aaz'), { text: 'aaz', groups: {} });
});

test('a match at the end of a long line is found, and one that runs over half of it', () => {
  const ready = createMatcher('nope$').match(`${'abc '.repeat(16_000)}nope`);
  assert.deepEqual(ready, { text: 'nope', groups: {} });
  const line = `listening on ${'x'.repeat(40_000)}:80`;
  assert.deepEqual(createMatcher('listening on .*:(?<port>\\d+)').match(line)?.groups, { port: '80' });
});

test('a match in a line that is too much as a whole is found in its first part', () => {
  const matcher = createMatcher('(?<word>a+)(?=.*z)');
  assert.deepEqual(matcher.match(`aaz${'b'.repeat(LONG)}`), { text: 'aa', groups: { word: 'aa' } });
  assert.equal(matcher.passedOver, 0);
});
