/**
 * Files of variables are read as Docker Compose reads them. What its parser, npm's dotenv and Ruby's dotenv read differently is an
 * error, so that nobody gets another value than he had, without a word.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { fillDotenv, parseDotenv } from '../../../../src/config/variables/dotenv.ts';
import { assertProperty } from '../../../support/assert-property.ts';

type Values = Readonly<Record<string, string>>;

function read(text: string, env: Values = {}) {
  const { entries, problems } = parseDotenv(text);
  const variable = (name: string) => (Object.hasOwn(env, name) ? env[name] : undefined);
  const filled = fillDotenv(entries, variable);
  return { values: filled.values, problems: [...problems, ...filled.problems] };
}

const PLAIN: readonly (readonly [string, Values])[] = [
  ['A=1\nB=2\n', { A: '1', B: '2' }],
  ['A=1', { A: '1' }],
  ['  A = 1 two  \n', { A: '1 two' }],
  ['\tA=1\n', { A: '1' }],
  ['A =1\nB= 2\n', { A: '1', B: '2' }],
  ['export A=1\n', { A: '1' }],
  ['  export\tA=1\n', { A: '1' }],
  ['exportA=1\nexport_B =2\nexport.C= 3\n', { exportA: '1', export_B: '2', 'export.C': '3' }],
  ['A=\nB=\n', { A: '', B: '' }],
  ['# note\n\n   # note\nA=1\n# end', { A: '1' }],
  ['A=1 # note\n', { A: '1' }],
  ['A=x#y\n', { A: 'x#y' }],
  ['URL=postgres://h/db?a=b&c=d==\n', { URL: 'postgres://h/db?a=b&c=d==' }],
  ['A=1:B\n', { A: '1:B' }],
  ['A="x # y" # note\n', { A: 'x # y' }],
  ["A='x#y' # note\n", { A: 'x#y' }],
  ['A="l1\\nl2\\t\\"q\\" \\\\ \\$x \\z"\n', { A: 'l1\nl2\t"q" \\ $x \\z' }],
  ['A="\\a\\b\\f\\v\\r"\n', { A: '\x07\b\f\v\r' }],
  ['A="\\0123 \\0377 \\c"\n', { A: 'S \u00ff \\c' }],
  ['A=\'a\\n"b" # c\'\n', { A: 'a\\n"b" # c' }],
  ['A="\'d\'"\nB=\'"d"\'\n', { A: "'d'", B: '"d"' }],
  ['A="one\ntwo"\nB=3\n', { A: 'one\ntwo', B: '3' }],
  ["A='one\ntwo'\nB=3\n", { A: 'one\ntwo', B: '3' }],
  ['A="one\r\ntwo"\r\nB=3\r\n', { A: 'one\ntwo', B: '3' }],
  ['A=1\r\nB="2"\r\n', { A: '1', B: '2' }],
  ['A=1\rB=2\r', { A: '1', B: '2' }],
  ['A=1\nA=2\n', { A: '2' }],
  ['a.b-c=1\n', { 'a.b-c': '1' }],
  ['1A=x\n', { '1A': 'x' }],
  // As in YAML.
  ['A: 1\nB: x=y\nC: "2"\n', { A: '1', B: 'x=y', C: '2' }],
  ['A={"a": "b"}\n', { A: '{"a": "b"}' }],
  ['A=it\'s "so"\n', { A: 'it\'s "so"' }],
  ['A=\u00e8 \u{1f600}\n', { A: '\u00e8 \u{1f600}' }],
];

const FILLED: readonly (readonly [text: string, wanted: Values, env?: Values])[] = [
  ['A=t\nB=$A', { A: 't', B: 't' }],
  ['A=t\nB=${A}bar', { A: 't', B: 'tbar' }],
  ['A=t\nB="quote $A"', { A: 't', B: 'quote t' }],
  ["A=t\nB='quote $A'", { A: 't', B: 'quote $A' }],
  ['B="foo\\$A"', { B: 'foo$A' }],
  ['B="foo\\${A}"', { B: 'foo${A}' }],
  ['A=t\nB="foo\\${A} ${A}"', { A: 't', B: 'foo${A} t' }],
  ['A=1\nB=$A$A\nC=${A}${B}', { A: '1', B: '11', C: '111' }],
  ['A=${X:-d}\nB=${X-d}\nC=${A:+then}\nD=${X+then}', { A: 'd', B: 'd', C: 'then', D: '' }],
  ['A=${X:-${Y:-z}}', { A: 'z' }],
  ['A=${A:-first}\nA=${A}!', { A: 'first!' }],
  // The environment counts before the file (compose-spec, interpolation).
  ['A=file\nB=$A', { A: 'file', B: 'env' }, { A: 'env' }],
  ['B=$A', { B: 'env' }, { A: 'env' }],
  // No dollar of these is before a name.
  ['A=5$\nB=$1$2y$10\nC=a$-b', { A: '5$', B: '$1$2y$10', C: 'a$-b' }],
  ['A=$$HOME', { A: '$HOME' }],
  // What a variable holds is not read again.
  ['B=$A', { B: '$X \\n "q"' }, { A: '$X \\n "q"' }],
];

const NOT_READ = '1 Cannot read the value of A: ';
const COMMENT = 'what stands behind its # is a comment for some, and a part of the value for others';
const BLANK = 'it begins or ends with a blank that is neither a space nor a tab';

/** What others make of it, and why it is none of ours. */
const LOUD: readonly (readonly [text: string, message: string])[] = [
  // Compose: nothing in its place, and a warning; npm's dotenv: as it is.
  ['A=pa$word', '1 Cannot fill in the value of A: it uses a variable that is not set'],
  ['A="${X}"', '1 Cannot fill in the value of A: it uses a variable that is not set'],
  ['A=${X:?no}', '1 Cannot fill in the value of A: it uses a variable that is not set'],
  ['A=${', '1 Cannot fill in the value of A: it has a dollar before what can not be filled in'],
  ['A=${a.b}', '1 Cannot fill in the value of A: it has a dollar before what can not be filled in'],
  // Ruby executes it.
  ['A=$(whoami)', '1 Cannot fill in the value of A: it has a dollar before what can not be filled in'],
  // npm takes these for quotes, compose takes them as they are.
  ['A=`x`', '1 Cannot read the value of A: backquotes are no quotes here'],
  ['A=`x\ny=1`\nB=2', '1 Cannot read the value of A: backquotes are no quotes here'],
  ['A=1\nnonsense\nB=2', '2 Cannot read this line: it is not KEY=VALUE'],
  ['A', '1 Cannot read this line: it is not KEY=VALUE'],
  ['export A', '1 Cannot read this line: it is not KEY=VALUE'],
  ['lol$wut', '1 Cannot read this line: it is not KEY=VALUE'],
  ['="x"', '1 Cannot read this line: it is not KEY=VALUE'],
  ['A B=1', '1 Cannot read this line: it is not KEY=VALUE'],
  // Several lines without quotes: once, where it begins.
  ['KEY=-----BEGIN\nMII EvQ\nXyz/\n-----END\nB=2', '2 Cannot read this line: it is not KEY=VALUE'],
  ['A="x" y', '1 Cannot read the value of A: there is something after its closing quote'],
  // Compose takes the backslash off, npm and Ruby leave it, a shell ends the value there.
  ["A='it\\'s'", '1 Cannot read the value of A: a single quote behind a backslash is read in several ways'],
  [
    "A='x\\'\nB='y'\nC=3",
    '1 Cannot read the value of A: a single quote behind a backslash is read in several ways',
  ],
  // Compose alone takes these for a part of the value.
  ...['A= # note', 'A=\t#note', 'A: # note', 'A=x\t# note'].map(
    (text) => [text, `${NOT_READ}${COMMENT}`] as const,
  ),
  // Compose takes these blanks off, and so does npm.
  ...['A=\u00a0x', 'A=x\u00a0', 'A=x\v', 'A=\u00a0"x"'].map((text) => [text, `${NOT_READ}${BLANK}`] as const),
  // Compose leaves a part of them.
  ...['"\\0"', '"\\01 \\0123"', '"\\0123\\08"', '"\\0400"', '"\\0000"'].map(
    (value) => [`A=${value}`, `${NOT_READ}behind \\0 there must be three octal digits, 001 to 377`] as const,
  ),
  // Compose leaves the backslash and fills in the variable, Ruby and dotenv-expand take it for a dollar.
  ...['A=\\$B', 'A=x\\${B}', 'A=\\$2b\\$10'].map(
    (text) =>
      [
        text,
        `${NOT_READ}a dollar behind a backslash is read in several ways where there are no quotes`,
      ] as const,
  ),
  ['export =1', '1 Cannot read this line: it is not KEY=VALUE'],
  ['A="', '1 Cannot read the value of A: its closing " is missing'],
  ["A='open\nB=2", "1 Cannot read the value of A: its closing ' is missing"],
];

suite('a file of variables', () => {
  for (const [text, wanted, env] of [...PLAIN, ...FILLED] as readonly (readonly [
    string,
    Values,
    Values?,
  ])[]) {
    test(`is read: ${JSON.stringify(text)}`, () => {
      const { values, problems } = read(text, env);
      assert.deepEqual(problems, []);
      assert.deepEqual(Object.fromEntries(values), wanted);
    });
  }

  for (const [text, message] of LOUD) {
    test(`is wrong, in one sentence: ${JSON.stringify(text)}`, () => {
      const told = read(text).problems.map(
        ({ message: each, offset }) => `${text.slice(0, offset).split('\n').length} ${each}`,
      );
      assert.deepEqual(told, [message]);
    });
  }

  test('every line that is wrong is named with its place, and the others are read', () => {
    const text = 'A=1\nnonsense\nB="x" y\nC=3\nD=\'open\n=5\nE=$X\n';
    const { values, problems } = read(text);
    assert.deepEqual(Object.fromEntries(values), { A: '1', C: '3' });
    assert.deepEqual(
      problems.map(({ offset }) => text.slice(0, offset).split('\n').length),
      [2, 3, 5, 6, 7],
    );
  });

  test('what others end at # is read as Compose reads it, and warned of', () => {
    const warned = (text: string) =>
      parseDotenv(text).warnings.map(({ message, offset }) => `${offset} ${message}`);
    const why = 'is read with what stands behind its #, which other readers take for a comment';
    assert.deepEqual(warned('A=x#cret\nB=#cret # note\n'), [`0 A ${why}`, `9 B ${why}`]);
    assert.deepEqual(warned('A="x#y"\nB=\'#y\' # note\nC=x #y\n'), []);
  });

  test('of what a command prints every dollar is one, be there a backslash or not', () => {
    const { entries, problems } = parseDotenv('A=x\\$y$z\nB="\\$y"\n', true);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      entries.map(({ text }) => text),
      ['x\\$y$z', '$y'],
    );
  });

  test('no sentence about it has a part of a value', () => {
    for (const value of [
      'se$cret',
      '"se cret" x',
      "'secret",
      '${secret',
      '`secret`',
      '$(secret)',
      '${x:?secret}',
      "'se\\'cret'",
      ' #secret',
      'x\t#secret',
      '\u00a0secret',
      '"secret\\0"',
      'secret\\$1',
    ]) {
      const { problems } = read(`A=${value}`);
      assert.equal(problems.length, 1, value);
      assert.doesNotMatch(JSON.stringify(problems), /cret/);
    }
  });

  test('any text ends up in values or problems, and reading always ends', () => {
    const pieces = [
      'A',
      '=',
      ':',
      '"',
      "'",
      '`',
      '\n',
      ' ',
      '#',
      '\\',
      'export ',
      '\r\n',
      'x',
      '$',
      '{',
      '}',
      '\t',
    ];
    const piece = fc.constantFrom(...pieces);
    assertProperty(
      fc.property(
        fc.array(piece).map((parts) => parts.join('')),
        (text) => {
          const { values, problems } = read(text, { x: '1' });
          for (const { offset } of problems) assert.ok(offset <= text.length);
          assert.ok(values.size + problems.length <= text.split('\n').length);
        },
      ),
    );
  });
});
