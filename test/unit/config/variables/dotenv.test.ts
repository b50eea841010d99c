import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { parseDotenv } from '../../../../src/config/variables/dotenv.ts';
import { assertProperty } from '../../../support/assert-property.ts';

const CASES: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['A=1\nB=2\n', { A: '1', B: '2' }],
  ['A=1', { A: '1' }],
  ['  A = 1 two  \n', { A: '1 two' }],
  ['export A=1\n', { A: '1' }],
  ['A=\nB=\n', { A: '', B: '' }],
  ['# note\n\n   # note\nA=1\n# end', { A: '1' }],
  ['A=1 # note\n', { A: '1' }],
  ['A= # note\n', { A: '' }],
  ['A=x#y\n', { A: 'x#y' }],
  ['URL=postgres://h/db?a=b&c=d==\n', { URL: 'postgres://h/db?a=b&c=d==' }],
  ['A="x # y" # note\n', { A: 'x # y' }],
  ['A="l1\\nl2\\t\\"q\\" \\\\ \\$x \\z"\n', { A: 'l1\nl2\t"q" \\ $x \\z' }],
  ['A=\'a\\n"b" # c\'\n', { A: 'a\\n"b" # c' }],
  ['A="one\ntwo"\nB=3\n', { A: 'one\ntwo', B: '3' }],
  ['A=${HOME}\n', { A: '${HOME}' }],
  ['A=1\r\nB="2"\r\n', { A: '1', B: '2' }],
  ['A=1\nA=2\n', { A: '2' }],
  ['a.b-c=1\n', { 'a.b-c': '1' }],
];

for (const [text, wanted] of CASES) {
  test(`dotenv reads ${JSON.stringify(text)}`, () => {
    const { values, problems } = parseDotenv(text);
    assert.deepEqual(problems, []);
    assert.deepEqual(Object.fromEntries(values), wanted);
  });
}

test('every line of a dotenv file that is wrong is named with its place, and the others are read', () => {
  const text = 'A=1\nnonsense\nB="x" y\nC=3\nD=\'open\n=5\n';
  const { values, problems } = parseDotenv(text);
  assert.deepEqual(Object.fromEntries(values), { A: '1', C: '3' });
  assert.deepEqual(
    problems.map(({ message, offset }) => `${text.slice(0, offset).split('\n').length} ${message}`),
    [
      '2 Cannot read this line: it is not KEY=VALUE',
      '3 Cannot read the value of B: there is something after its closing quote',
      "5 Cannot read the value of D: its closing ' is missing",
      '6 Cannot read this line: it is not KEY=VALUE',
    ],
  );
});

test('any text ends up in values or problems, and reading always ends', () => {
  const piece = fc.constantFrom('A', '=', '"', "'", '\n', ' ', '#', '\\', 'export ', '\r\n', 'x', '$', '\t');
  assertProperty(
    fc.property(
      fc.array(piece).map((pieces) => pieces.join('')),
      (text) => {
        const { values, problems } = parseDotenv(text);
        for (const { offset } of problems) assert.ok(offset <= text.length);
        assert.ok(values.size + problems.length <= text.split('\n').length);
      },
    ),
  );
});
