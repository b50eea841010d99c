import assert from 'node:assert/strict';
import test from 'node:test';
import { type Diagnostic, formatDiagnostic, placeAt } from '../../../../src/config/diagnostics/diagnostic.ts';

const at = (text: string, word: string, file = '/shop/supervisor.yaml') =>
  placeAt(file, text, text.indexOf(word), word.length);
const diagnostic = (parts: Partial<Diagnostic>): Diagnostic => ({
  severity: 'error',
  message: 'No',
  place: undefined,
  hint: undefined,
  trail: [],
  ...parts,
});

test('a diagnostic shows place, line, marker and remedy', () => {
  const place = at('services:\n  db:\n    comand: x\n', 'comand');
  const text = formatDiagnostic(
    diagnostic({ message: 'Unknown key "comand"', place, hint: 'Did you mean "command"?' }),
    '/shop',
  );
  assert.equal(
    text,
    [
      'supervisor.yaml:3:5: Unknown key "comand"',
      '      comand: x',
      '      ^~~~~~',
      '  Did you mean "command"?',
    ].join('\n'),
  );
});

test('a diagnostic without a place is its sentence and remedy', () => {
  assert.equal(formatDiagnostic(diagnostic({ hint: 'Try again' }), '/shop'), 'No\n  Try again');
});

test('a warning says that it is one', () => {
  const place = at('a: 1', 'a');
  assert.match(
    formatDiagnostic(diagnostic({ severity: 'warning', place }), '/shop'),
    /^supervisor\.yaml:1:1: warning: No\n/,
  );
});

test('a file outside the folder is named in full', () => {
  assert.match(
    formatDiagnostic(diagnostic({ place: at('a', 'a') }), '/elsewhere'),
    /^\/shop\/supervisor\.yaml:1:1: /,
  );
});

test('the places of a trail follow, each with its line', () => {
  const text = 'a: [b]\nb: [a]\n';
  const trail = [
    { message: '"a" depends on "b"', place: at(text, 'b') },
    { message: '"b" depends on "a"', place: placeAt('/shop/supervisor.yaml', text, 11, 1) },
    { message: 'somewhere', place: undefined },
  ];
  assert.equal(
    formatDiagnostic(diagnostic({ message: 'A cycle', trail, hint: 'Break it' }), '/shop'),
    [
      'A cycle',
      '  supervisor.yaml:1:5: "a" depends on "b"',
      '    a: [b]',
      '        ^',
      '  supervisor.yaml:2:5: "b" depends on "a"',
      '    b: [a]',
      '        ^',
      '  somewhere',
      '  Break it',
    ].join('\n'),
  );
});

/** The line and the marker of a diagnostic about `word`. */
function marked(text: string, word: string): readonly [string, string] {
  const [, line = '', marker = ''] = formatDiagnostic(diagnostic({ place: at(text, word) }), '/shop').split(
    '\n',
  );
  return [line, marker];
}

test('the marker stands under the word after a tab, after wide and after combining characters', () => {
  assert.deepEqual(marked('a\tb: xyz', 'xyz'), ['  a b: xyz', '       ^~~']);
  assert.deepEqual(marked('日本: xyz', 'xyz'), ['  日本: xyz', '        ^~~']);
  assert.deepEqual(marked('e\u0301: xyz', 'xyz'), ['  e\u0301: xyz', '     ^~~']);
  assert.deepEqual(marked('a: 日本', '日本'), ['  a: 日本', '     ^~~~']);
});

test('a wide line is cut around the marker', () => {
  for (const text of [
    `${'x '.repeat(200)}HERE${' y'.repeat(200)}`,
    `HERE${' y'.repeat(200)}`,
    `${'x '.repeat(200)}HERE`,
  ]) {
    const [line, marker] = marked(text, 'HERE');
    assert.ok(line.length <= 104, line);
    assert.equal(line.slice(marker.indexOf('^'), marker.length), 'HERE');
  }
});

test('control characters of the file do not reach the terminal', () => {
  const [line] = marked('a: \u001b[31mred\u009b\u0007', 'red');
  assert.equal(line, '  a:  [31mred');
});

test('what is marked ends with its line', () => {
  const text = 'a: "one\n  two"\n';
  assert.deepEqual(placeAt('f', text, 3, 12), {
    file: 'f',
    line: 1,
    column: 4,
    lineText: 'a: "one',
    length: 4,
  });
  assert.deepEqual(placeAt('f', 'a\r\nb\r\n', 3, 1), {
    file: 'f',
    line: 2,
    column: 1,
    lineText: 'b',
    length: 1,
  });
  assert.deepEqual(placeAt('f', '', 0, 1), { file: 'f', line: 1, column: 1, lineText: '', length: 1 });
  assert.deepEqual(placeAt('f', 'a\n', 2, 1), { file: 'f', line: 2, column: 1, lineText: '', length: 1 });
});

test('a line with nothing on it is not shown', () => {
  for (const text of ['', '   \n']) {
    const place = placeAt('/shop/supervisor.yaml', text, 0, 1);
    assert.equal(formatDiagnostic(diagnostic({ place }), '/shop'), 'supervisor.yaml:1:1: No');
  }
});
