/**
 * The table of duties as text and as Markdown.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Row, renderMarkdown, renderText } from '../table.ts';

const rows: readonly Row[] = [
  {
    check: { name: 'reaps', footnote: 'All of them.' },
    verdicts: [{ kind: 'holds' }, { kind: 'fails', why: '3 zombies' }],
  },
  {
    check: { name: 'waits' },
    verdicts: [
      { kind: 'fails', why: '3 zombies' },
      { kind: 'fails', why: 'it left' },
    ],
  },
  {
    check: { name: 'memory' },
    verdicts: [
      { kind: 'figure', text: '1.5' },
      { kind: 'figure', text: '20' },
    ],
  },
];

test('columns are of equal width, and what is the same has one note', () => {
  assert.equal(
    renderText(['ours', 'theirs'], rows),
    `duty       ours        theirs
reaps (1)  yes         **no** (2)
waits      **no** (2)  **no** (3)
memory     1.5         20

(1) All of them.
(2) 3 zombies
(3) it left
`,
  );
});

test('Markdown has the notes below the table', () => {
  assert.equal(
    renderMarkdown(['a|b'], [{ check: { name: 'reaps' }, verdicts: [{ kind: 'fails', why: 'no' }] }]),
    `| duty | a\\|b |
| --- | --- |
| reaps | **no** (1) |

(1) no
`,
  );
});
