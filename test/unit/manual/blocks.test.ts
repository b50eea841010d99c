/** The Markdown of chapters, as blocks and pieces. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBlocks } from '../../../src/manual/blocks.ts';
import { parseInline } from '../../../src/manual/inline.ts';

test('headings, paragraphs and items; lines below belong to what they stand below', () => {
  assert.deepEqual(parseBlocks('# One\nTwo\nthree\n\n- four\n  five\n- six\n1. seven\n<!-- no -->\n'), [
    { kind: 'heading', level: 1, text: 'One' },
    { kind: 'paragraph', text: 'Two three' },
    { kind: 'item', mark: '-', text: 'four five' },
    { kind: 'item', mark: '-', text: 'six' },
    { kind: 'item', mark: '1.', text: 'seven' },
  ]);
});

test('code is as it stands, to its fence or to the end', () => {
  assert.deepEqual(parseBlocks('```sh one\n# a\n\n| b |\n```\nc'), [
    { kind: 'code', language: 'sh one', lines: ['# a', '', '| b |'] },
    { kind: 'paragraph', text: 'c' },
  ]);
  assert.deepEqual(parseBlocks('```\na'), [{ kind: 'code', language: '', lines: ['a'] }]);
});

test('a table has a head, unless that is empty; a bar behind a backslash is none between cells', () => {
  assert.deepEqual(parseBlocks('| a | b |\n|---|---|\n| `c\\|d` | |\ne'), [
    { kind: 'table', head: ['a', 'b'], rows: [['`c|d`', '']] },
    { kind: 'paragraph', text: 'e' },
  ]);
  assert.deepEqual(parseBlocks('| | |\n|---|---|\n| c | d |'), [
    { kind: 'table', head: [], rows: [['c', 'd']] },
  ]);
});

test('a diagram of states is a table of what may follow', () => {
  const diagram = 'stateDiagram-v2\n  [*] --> a\n  a --> b\n  a --> [*]\n  b --> a';
  assert.deepEqual(parseBlocks(`\`\`\`mermaid\n${diagram}\n\`\`\`\n`), [
    {
      kind: 'table',
      head: ['state', 'may be followed by'],
      rows: [
        ['the beginning', 'a'],
        ['a', 'b, the end'],
        ['b', 'a'],
      ],
    },
  ]);
});

test('a picture stands in a line of its own', () => {
  assert.deepEqual(parseBlocks('![a run](x/run.svg)'), [
    { kind: 'picture', alt: 'a run', path: 'x/run.svg' },
  ]);
});

test('code, emphasis and links within a text', () => {
  const texts = (text: string) => parseInline(text).map(({ kind, text: piece }) => [kind, piece]);
  assert.deepEqual(texts('a `b*c*` **d** *e* 2*3*4'), [
    ['text', 'a '],
    ['code', 'b*c*'],
    ['text', ' '],
    ['strong', 'd'],
    ['text', ' '],
    ['emphasis', 'e'],
    ['text', ' 2*3*4'],
  ]);
});

test('a link tells the way, unless its text does', () => {
  const plain = (text: string) =>
    parseInline(text)
      .map((piece) => piece.text)
      .join('');
  assert.equal(plain('see [the `ladder`](stopping.md#x)'), 'see the ladder (orderly help stopping)');
  assert.equal(plain('see [Stopping](stopping.md)'), 'see Stopping');
  assert.equal(plain('[trio](https://trio.dev) [here](#here) [x](../x)'), 'trio (https://trio.dev) here x');
});
