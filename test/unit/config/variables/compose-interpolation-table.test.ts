/**
 * The tables of Docker Compose's interpolation, by the whole way of a configuration: every row gives what Compose
 * gives, or a message.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { composeDocuments } from './tables/compose-documents.ts';
import { composeInterpolation } from './tables/compose-interpolation.ts';
import { check, interpolated } from './tables/ours.ts';

for (const { source, rows } of [composeInterpolation, composeDocuments])
  suite(source, () => {
    for (const row of rows)
      test(`${row.point}: ${row.text}`, async () => {
        const ours = await interpolated(row);
        check(row, ours);
        if (row.verdict !== 'loud') return;
        // Names are told, and what is written; values are not.
        for (const value of Object.values(row.env))
          assert.ok(value === '' || !ours.told.includes(value), ours.told);
      });

    test('no row is there twice', () => {
      assert.equal(new Set(rows.map(({ text, env }) => JSON.stringify([text, env]))).size, rows.length);
    });
  });
