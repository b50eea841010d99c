import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nameColumns, nameRoom, SEPARATOR, shortName } from '../../../../src/output/terminal/name-column.ts';
import { assertProperty } from '../../../support/assert-property.ts';

test('the column is as wide as the longest name, and without a terminal no name is shortened', () => {
  const name = 'n'.repeat(200);
  assert.equal(nameColumns([]), 0);
  assert.equal(nameColumns(['db', 'api'], 80), 3);
  assert.equal(nameColumns(['db', name]), 200);
});

test('a name that is too long keeps its start and its end', () => {
  assert.deepEqual(
    [10, 9, 3, 2, 1, 0].map((columns) => shortName('shop-web.12', columns)),
    ['shop-…b.12', 'shop…b.12', 's…2', 's…', '…', ''],
  );
  assert.equal(shortName('db', 4), 'db  ');
});

test('a name takes at most a third of the width, with what stands between it and the line', () => {
  assertProperty(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z-]{1,60}$/), { minLength: 1 }),
      fc.integer({ min: 1, max: 200 }),
      (names, columns) => {
        const width = nameColumns(names, columns);
        for (const name of names) assert.equal([...shortName(name, width)].length, width);
        if (width > 0) assert.ok(3 * (width + SEPARATOR.length) <= columns);
        else assert.ok(nameRoom(columns) < 1);
      },
    ),
  );
});
