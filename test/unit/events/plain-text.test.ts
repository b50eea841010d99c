import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { plainText } from '../../../src/events/printable.ts';
import { assertProperty } from '../../support/assert-property.ts';

const ESC = '\x1b';
const table: readonly [text: string, plain: string][] = [
  ['ready', 'ready'],
  [`${ESC}[1;32mre${ESC}[0mady${ESC}[K`, 'ready'],
  [`${ESC}[38:2::1:2:3mred`, 'red'],
  ['\x9b31mred', 'red'],
  [`${ESC}]0;my title\x07ready`, 'ready'],
  [`${ESC}kmy title${ESC}\\ready`, 'ready'],
  [`${ESC}]8;;http://x/?a=b${ESC}\\link${ESC}]8;;${ESC}\\`, 'link'],
  [`${ESC}]0;cut off ${ESC}[32mready`, 'ready'],
  [`${ESC}]0;no end`, '0;no end'],
  [`${ESC}(Bready${ESC}=${ESC}7`, 'ready'],
  [`${ESC}[2J${ESC}[3J${ESC}[Hready`, 'ready'],
  [`ready${ESC}`, 'ready'],
  [`${ESC}[12;ready\u00e9`, 'eady\u00e9'],
];

for (const [text, plain] of table)
  test(`without the commands of terminals, ${JSON.stringify(text)}`, () =>
    assert.equal(plainText(text), plain));

test('colours and what else programs write go as Node takes them away', () => {
  const part = fc.constantFrom(
    'a',
    ' ',
    'é',
    `${ESC}[0m`,
    `${ESC}[1;31m`,
    `${ESC}[K`,
    `${ESC}]0;t\x07`,
    '\r',
  );
  assertProperty(
    fc.property(fc.array(part), (parts) => {
      const text = parts.join('');
      assert.equal(plainText(text), stripVTControlCharacters(text));
    }),
  );
});

test('every character is looked at a bounded number of times', () => {
  for (const unit of [`${ESC}]`, `${ESC}[;`, `${ESC}];a`, `${ESC}`, '\x9b', `${ESC}[1;`, ';a', `${ESC}P`]) {
    let reads = 0;
    const text = `${ESC}]${unit.repeat(20_000)}`;
    const counting = {
      ...text.split(''),
      length: text.length,
      includes: () => true,
      slice: (from: number, to: number) => text.slice(from, to),
      charCodeAt(at: number) {
        reads += 1;
        return text.charCodeAt(at);
      },
    };
    plainText(counting as unknown as string);
    assert.ok(reads <= 8 * text.length, `${JSON.stringify(unit)}: ${reads} reads of ${text.length}`);
  }
});
