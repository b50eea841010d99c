import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fitLine, rowsOf } from '../../../../src/output/terminal/fit-line.ts';
import { assertProperty } from '../../../support/assert-property.ts';

const RED = '\x1b[31m';
const OFF = '\x1b[0m';

for (const [name, line, columns, fitted] of [
  ['what fits stays as it is', 'abcde', 6, 'abcde'],
  ['what does not ends in an ellipsis', 'abcdef', 6, 'abcd…'],
  ['styles take no room, and are ended behind the cut', `a${RED}bcdefg${OFF}`, 6, `a${RED}bcd…${OFF}`],
  ['links take none either', '\x1b]8;;http://h/\x07ab\x1b]8;;\x07', 4, '\x1b]8;;http://h/\x07ab\x1b]8;;\x07'],
  ['wide characters take two columns', '漢字x', 6, '漢字x'],
  ['so they are cut sooner', '漢字xy', 6, '漢字…'],
  ['emoji are wide', '✅ok', 5, '✅ok'],
  ['blocks of progress displays are not', '█████', 6, '█████'],
  ['a tab goes to the next stop', 'ab\tc', 20, 'ab      c'],
  ['a terminal of one column', 'abc', 1, '…'],
] as const) {
  test(name, () => assert.equal(fitLine(line, columns), fitted));
}

test('whatever the line, it takes less than the terminal has', () => {
  assertProperty(
    fc.property(
      fc.array(fc.constantFrom('a', '\t', RED, OFF, '漢')),
      fc.integer({ min: 1, max: 40 }),
      (parts, columns) => {
        const text = fitLine(parts.join(''), columns)
          .replaceAll(/\x1b\[\d+m/g, '')
          .replaceAll('漢', 'xx');
        assert.ok(text.length <= Math.max(1, columns - 1), JSON.stringify(text));
      },
    ),
  );
});

test('a line takes as many rows as it has columns for: sequences and what is joined to a character take none', () => {
  assert.deepEqual(
    [rowsOf('', 4), rowsOf('abcd', 4), rowsOf(`${RED}abcd${OFF}`, 4), rowsOf('abcde', 4)],
    [1, 1, 1, 2],
  );
  assert.deepEqual([rowsOf('漢字漢', 4), rowsOf('e\u0301e\u0301e\u0301e\u0301', 4)], [2, 1]);
});
