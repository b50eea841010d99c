/**
 * Arguments and variables that are no UTF-8 are handed on byte by byte, whatever they hold.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  environmentWords,
  splitAtNul,
  withOriginals,
} from '../../../../src/process/terminal/original-bytes.ts';
import { assertProperty } from '../../../support/assert-property.ts';

const bytes = fc.uint8Array({ maxLength: 12 }).map((array) => Buffer.from(array.map((byte) => byte || 1)));
const asBytes = (words: readonly (string | Buffer)[]) =>
  words.map((word) => Buffer.from(word as string).toString('hex'));
const hex = (words: readonly Buffer[]) => words.map((word) => word.toString('hex'));

test('what was cut at NULs is what was there', () => {
  assertProperty(
    fc.property(fc.array(bytes), (words) => {
      const line = Buffer.concat(words.flatMap((word) => [word, Buffer.alloc(1)]));
      assert.deepEqual(hex(splitAtNul(line)), hex(words));
    }),
  );
});

test('the last arguments of ours come out as they came in, whatever stands before them', () => {
  assertProperty(
    fc.property(
      fc.array(bytes),
      fc.array(fc.string()),
      fc.array(bytes, { maxLength: 3 }),
      (words, before, own) => {
        const texts = words.map((word) => word.toString());
        const out = withOriginals([...before.map(clean), ...texts], [...own.map(plain), ...words]);
        assert.deepEqual(asBytes(out.slice(before.length)), hex(words));
      },
    ),
  );
});

test('inherited variables come out as they came in, and what was set is what was set', () => {
  const values = fc.dictionary(fc.stringMatching(/^[A-Z]{1,4}$/), bytes);
  assertProperty(
    fc.property(values, (inherited) => {
      const originals = Object.entries(inherited).map(([name, value]) =>
        Buffer.concat([Buffer.from(`${name}=`), value]),
      );
      const env = Object.fromEntries(
        Object.entries(inherited).map(([name, value]) => [name, value.toString()]),
      );
      assert.deepEqual(asBytes(environmentWords(env, originals)), hex(originals));
      assert.deepEqual(environmentWords({ ...env, set: '\ufffd' }, originals).at(-1), 'set=\ufffd');
    }),
  );
});

/** Not what an argument of the command could be mistaken for. */
const clean = (text: string): string => text.replaceAll('\ufffd', '');
const plain = (): Buffer => Buffer.from('orderly');
