/**
 * However output is cut, only whole lines are handed on, and none of it is lost.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { wholeLines } from '../../../src/hooks/whole-lines.ts';
import { assertProperty } from '../../support/assert-property.ts';

test('what comes out is what came in, in whole lines, with a line end at its end', () => {
  const part = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 12 });
  assertProperty(
    fc.property(fc.array(part), (parts) => {
      const written: string[] = [];
      const lines = wholeLines((piece) => void written.push(piece.toString()));
      for (const text of parts) {
        const chunk = Buffer.from(text);
        lines.add(chunk);
        // It is the caller's again.
        chunk.fill('z');
      }
      lines.end();
      const all = parts.join('');
      assert.equal(written.join(''), all === '' || all.endsWith('\n') ? all : `${all}\n`);
      assert.ok(written.every((piece) => piece.endsWith('\n')));
    }),
  );
});

test('a line that never ends takes no more than a little memory', () => {
  let bytes = 0;
  const lines = wholeLines((piece) => {
    bytes += piece.length;
  });
  for (let piece = 0; piece < 100; piece++) {
    lines.add(Buffer.alloc(10_000, 'x'));
    assert.ok((piece + 1) * 10_000 - bytes <= 64 * 1024);
  }
});
