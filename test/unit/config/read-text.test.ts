/** Text files of any encoding: read exactly as they are, or refused with their place; nothing is changed in silence. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeText } from '../../../src/config/read-text.ts';
import { fillDotenv, parseDotenv } from '../../../src/config/variables/dotenv.ts';
import { assertProperty } from '../../support/assert-property.ts';

const wide = (text: string) => Buffer.from(text, 'utf16le');
const mark = Buffer.from([0xff, 0xfe]);

const read: readonly [what: string, bytes: Uint8Array, text: string][] = [
  ['UTF-8', Buffer.from('A=é\n'), 'A=é\n'],
  ['UTF-8 with a byte order mark', Buffer.from('\ufeffA=é\n'), 'A=é\n'],
  ['UTF-8 with a U+FFFD of its own', Buffer.from('A=\ufffd\n'), 'A=\ufffd\n'],
  ['UTF-16 LE with a byte order mark', Buffer.concat([mark, wide('A=é😀\n')]), 'A=é😀\n'],
  ['UTF-16 BE with a byte order mark', Buffer.concat([mark, wide('A=é\n')]).swap16(), 'A=é\n'],
  ['nothing', Buffer.from(''), ''],
];
for (const [what, bytes, text] of read) {
  test(`${what} is read as it is`, () => assert.deepEqual(decodeText(bytes), { ok: true, text }));
}

const refused: readonly [what: string, bytes: Uint8Array, why: RegExp, offset: number][] = [
  ['Latin-1', Buffer.from('A=1\nB=caf\xe9\n', 'latin1'), /not in UTF-8: there is the byte 0xe9/, 9],
  ['half a character at the end', Buffer.from([0x41, 0xc3]), /the byte 0xc3/, 1],
  ['a surrogate in UTF-8', Buffer.from([0x41, 0xed, 0xa0, 0x80]), /the byte 0xed/, 1],
  ['Latin-1 behind a byte order mark', Buffer.from([0xef, 0xbb, 0xbf, 0x41, 0xff]), /the byte 0xff/, 1],
  ['UTF-16 without a byte order mark', wide('A=1\n'), /UTF-16/, 1],
  ['half a unit of UTF-16', Buffer.concat([mark, wide('A'), Buffer.from([0x42])]), /not whole UTF-16/, 1],
  ['half a pair of UTF-16', Buffer.concat([mark, wide('A\ud800B')]), /not whole UTF-16/, 1],
  ['a NUL character', Buffer.from('A=1\0\n'), /^there is a NUL character$/, 3],
];
for (const [what, bytes, why, offset] of refused) {
  test(`${what} is refused, with its place`, () => {
    const decoded = decodeText(bytes);
    assert.ok(!decoded.ok);
    assert.match(decoded.why, why);
    assert.equal(decoded.offset, offset);
  });
}

test('whatever bytes a file has: its text has the same, or is refused', () => {
  assertProperty(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      const decoded = decodeText(bytes);
      if (!decoded.ok) return;
      const again = [
        Buffer.from(decoded.text),
        Buffer.from(`\ufeff${decoded.text}`),
        wide(`\ufeff${decoded.text}`),
        wide(`\ufeff${decoded.text}`).swap16(),
      ];
      assert.ok(again.some((one) => one.equals(bytes)));
    }),
    { numRuns: 2000 },
  );
});

const lines: readonly [text: string, values: Record<string, string>][] = [
  ['B=1\r\r\nC=2\r', { B: '1', C: '2' }],
  ['# note\r\r\nB=1\n', { B: '1' }],
  ['B=caf\u2028e\u2029. \n', { B: 'caf\u2028e\u2029.' }],
  ['B="\u3000x\u00a0"\n', { B: '\u3000x\u00a0' }],
  ['A=1\r\nB="x\r\ny"\r\n', { A: '1', B: 'x\ny' }],
  ['A=#x\nB="" #x\nC=a#b #c\n', { A: '#x', B: '', C: 'a#b' }],
];
for (const [text, values] of lines) {
  test(`variables in ${JSON.stringify(text)} are read line by line`, () => {
    const { entries, problems } = parseDotenv(text);
    const { values: found } = fillDotenv(entries, () => undefined);
    assert.deepEqual(problems, []);
    assert.deepEqual(Object.fromEntries(found), values);
  });
}

test('a wrong line is told at its own place, whatever ends the lines', () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const text = ['A=1', 'B="x"', 'not a pair', 'C=2'].join(end);
    const { problems } = parseDotenv(text);
    assert.deepEqual(
      problems.map(({ offset, length }) => text.slice(offset, offset + length)),
      ['not a pair'],
    );
  }
});

test('files of variables of any length are read', () => {
  const { entries } = parseDotenv(
    `${'\n# note'.repeat(500_000)}\nA="${'x\\n'.repeat(100_000)}"\nB= ${' '.repeat(500_000)}x\n`,
  );
  const { values } = fillDotenv(entries, () => undefined);
  assert.equal(values.get('A')?.length, 200_000);
  assert.equal(values.get('B'), 'x');
});
