/** Chapters as text for a terminal. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderPlainText } from '../../../src/manual/plain-text.ts';

const render = (markdown: string, columns = 40) => renderPlainText(markdown, { columns, isBold: false });

test('prose is wrapped, and what is longer than a line stays whole', () => {
  assert.equal(
    render('# Title\n\none two three four\n\n- five six seven\n- /a/very/long/path/indeed\n', 14),
    'TITLE\n=====\n\none two three\nfour\n\n- five six\n  seven\n- /a/very/long/path/indeed\n',
  );
});

test('code is indented and never wrapped', () => {
  assert.equal(
    render('a:\n\n```sh\nb  c d e f g\n\nh\n```\n\ni', 6),
    'a:\n\n    b  c d e f g\n\n    h\n\ni\n',
  );
});

test('a table that fits stands in columns', () => {
  assert.equal(
    render('| a | b |\n|---|---|\n| long | x |\n| s | y z |\n'),
    'a     b\n----  ---\nlong  x\ns     y z\n',
  );
});

test('the last column of a table is wrapped where enough is left for it', () => {
  const text = render(`| key | meaning |\n|---|---|\n| \`k\` | ${'word '.repeat(10)}|\n`, 44);
  assert.deepEqual(text.split('\n').slice(2, -1), [
    `k    ${'word '.repeat(8).trim()}`,
    `     ${'word '.repeat(2).trim()}`,
  ]);
});

test('else its rows are definitions, and the head says what their cells are', () => {
  assert.equal(
    render(
      '| option | default | meaning |\n|---|---|---|\n| `--a-long-name-of-it` | none at all | does it |\n| b | | that |\n',
      30,
    ),
    '--a-long-name-of-it\n    default: none at all\n    does it\n\nb\n    that\n',
  );
});

test('for a terminal headings and code are bold, a word at a time', () => {
  assert.equal(
    renderPlainText('## A b\n\nc `d e`\n', { columns: 4, isBold: true }),
    '\x1b[1mA b\x1b[22m\n\nc \x1b[1md\x1b[22m\n\x1b[1me\x1b[22m\n',
  );
});
