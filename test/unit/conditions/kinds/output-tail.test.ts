import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOutputTail } from '../../../../src/conditions/kinds/exec.ts';

function tailOf(...chunks: readonly string[]): string {
  const tail = createOutputTail();
  for (const chunk of chunks) tail.push(Buffer.from(chunk));
  return tail.text();
}

const table: readonly [chunks: readonly string[], text: string][] = [
  [[], ''],
  [['\n \r\n'], ''],
  [['no response\n'], 'no response'],
  [['one\ntwo\n', '\nthree\r\nfour'], 'two / three / four'],
  [['\x1b[31mred\x1b[0m\n'], 'red'],
];

for (const [chunks, text] of table) {
  test(`of ${JSON.stringify(chunks)} people see ${JSON.stringify(text)}`, () => {
    assert.equal(tailOf(...chunks), text);
  });
}

test('the text is bounded however much was written', () => {
  assert.equal(tailOf('x'.repeat(100_000), 'y'.repeat(10)), `…${'x'.repeat(290)}${'y'.repeat(10)}`);
  assert.equal(
    tailOf(...Array.from({ length: 5_000 }, (_, index) => `line ${index}\n`)).endsWith('line 4999'),
    true,
  );
});
