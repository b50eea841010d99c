import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLineSplitter } from '../../../../src/conditions/kinds/log.ts';
import { assertProperty } from '../../../support/assert-property.ts';

function linesOf(chunks: readonly Buffer[], limitBytes = 1_000): string[] {
  const lines: string[] = [];
  const splitter = createLineSplitter(limitBytes, (line) => lines.push(line));
  for (const chunk of chunks) {
    splitter.push(chunk);
    // The chunk belongs to the receiver for the time of the call only.
    chunk.fill(0x58);
  }
  splitter.end();
  return lines;
}

const table: readonly [text: string, lines: readonly string[]][] = [
  ['', []],
  ['a', ['a']],
  ['a\n', ['a']],
  ['a\nb', ['a', 'b']],
  ['a\r\nb\r\n', ['a', 'b']],
  ['\n\n', ['', '']],
  ['\r\n', ['']],
  ['50%\r100%\n', ['50%\r100%']],
  ['last\r', ['last']],
  ['größer 🚀\n', ['größer 🚀']],
];

for (const [text, lines] of table) {
  test(`${JSON.stringify(text)} is ${lines.length} lines`, () => {
    assert.deepEqual(linesOf([Buffer.from(text)]), lines);
    assert.deepEqual(linesOf(Array.from(Buffer.from(text), (byte) => Buffer.from([byte]))), lines);
  });
}

test('lines do not depend on how the bytes were chunked', () => {
  const bytes = fc
    .array(fc.oneof(fc.constantFrom('a', '\n', '\r\n', '\r', 'ü', '🚀'), fc.string()), { maxLength: 40 })
    .map((parts) => Buffer.from(parts.join('')));
  assertProperty(
    fc.property(bytes, fc.array(fc.nat(200)), fc.integer({ min: 1, max: 30 }), (whole, cuts, limit) => {
      const ends = [...cuts, whole.length].map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b);
      const chunks = ends.map((end, index) => Buffer.from(whole.subarray(ends[index - 1] ?? 0, end)));
      assert.deepEqual(linesOf(chunks, limit), linesOf([Buffer.from(whole)], limit));
    }),
  );
});

test('a line longer than the limit is cut to its first bytes, and the next one is whole', () => {
  assert.deepEqual(linesOf([Buffer.from('abcdefgh'), Buffer.from('ijk\nnext\n')], 5), ['abcde', 'next']);
});

test('a long line in small pieces is whole', () => {
  const text = Array.from({ length: 300 }, (_, index) => `${index},`).join('');
  const bytes = Array.from(Buffer.from(`${text}\n${text}`), (byte) => Buffer.from([byte]));
  assert.deepEqual(linesOf(bytes, 65_536), [text, text]);
});
