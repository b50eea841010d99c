import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FileEnd } from '../../../../src/output/log-files/open.ts';
import { nextCut } from '../../../../src/output/log-files/rotating-file.ts';
import { assertProperty } from '../../../support/assert-property.ts';

/** What is in each file when these pieces are written one after the other. */
function written(pieces: readonly string[], maxBytes: number): string[] {
  const files = [''];
  for (const text of pieces) {
    for (let piece = Buffer.from(text); piece.length > 0; ) {
      const current = files.at(-1)!;
      const end: FileEnd = { size: current.length, atLineStart: current === '' || current.endsWith('\n') };
      const cut = nextCut(piece, end, maxBytes);
      if (cut.kind === 'rotate') {
        files.push('');
        continue;
      }
      assert.ok(cut.length > 0);
      files[files.length - 1] += piece.toString('utf8', 0, cut.length);
      piece = piece.subarray(cut.length);
    }
  }
  return files;
}

test('G7: files are cut between lines only, hold everything in order, and are larger than the limit only by the rest of a line', () => {
  const line = fc.string({ unit: fc.constantFrom('x', 'y'), maxLength: 30 });
  const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 });
  assertProperty(
    fc.property(
      fc.array(line, { maxLength: 40 }),
      sizes,
      fc.integer({ min: 1, max: 60 }),
      (lines, at, max) => {
        const text = lines.map((one) => `${one}\n`).join('');
        const pieces: string[] = [];
        for (let from = 0, n = 0; from < text.length; n++) {
          pieces.push(text.slice(from, from + at[n % at.length]!));
          from += at[n % at.length]!;
        }
        const files = written(pieces, max);
        assert.equal(files.join(''), text);
        for (const file of files.slice(0, -1)) assert.ok(file.endsWith('\n'));
        for (const file of files) assert.ok(file.lastIndexOf('\n', file.length - 2) < max, file);
      },
    ),
  );
});

test('without a limit nothing is cut', () => {
  assert.deepEqual(written(['a\nb', 'c\n'], Number.POSITIVE_INFINITY), ['a\nbc\n']);
});
