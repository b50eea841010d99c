/**
 * The tables of four readers of files of variables, by the whole way of a configuration: every row gives what the
 * reader gives, or a message without any part of a value, or it says why we do as Compose does.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { loadText } from '../load.ts';
import { composeDotenv } from './tables/compose-dotenv.ts';
import { composeEnvFiles } from './tables/compose-env-files.ts';
import { npmDotenv } from './tables/npm-dotenv.ts';
import { npmDotenvExpand } from './tables/npm-dotenv-expand.ts';
import { check, environmentOf, readFromFile, toldOf } from './tables/ours.ts';
import type { Row, Values } from './tables/row.ts';
import { rubyDotenv } from './tables/ruby-dotenv.ts';

for (const { source, rows } of [composeDotenv, npmDotenv, npmDotenvExpand, rubyDotenv])
  suite(source, () => {
    for (const row of rows)
      test(`${row.point}: ${JSON.stringify(row.text).slice(0, 80)}`, async () => {
        const ours = await readFromFile(row);
        check(row, ours);
        const printed = wordsOf(row).filter((word) => ours.told.includes(word));
        assert.deepEqual(printed, [], ours.told);
      });

    test('no row is there twice', () => {
      assert.equal(new Set(rows.map(({ text, env }) => JSON.stringify([text, env]))).size, rows.length);
    });
  });

suite(composeEnvFiles.source, () => {
  for (const row of composeEnvFiles.rows)
    test(row.point, async () => {
      const files = Object.fromEntries(
        Object.entries(row.files).map(([name, text]) => [`/shop/${name}`, text] as const),
      );
      const result = await loadText(`services: { a: { command: x, ${row.text} } }`, { env: row.env, files });
      check(row, { value: environmentOf(result), told: toldOf(result) });
    });
});

test('Compose never gives another value than we do without a word', () => {
  const silent = [...composeDotenv.rows, ...composeEnvFiles.rows].filter(
    ({ verdict }) => verdict === 'on purpose',
  );
  assert.deepEqual(
    silent.map(({ text }) => text),
    ['789 = KIWI'],
  );
});

/** What of a row is a part of a value, where it is long enough to be told from a message by chance. */
function wordsOf({ text, theirs, env }: Row<Values>): readonly string[] {
  const written = text.replaceAll(/^[^=:\n]*[=:]/gm, '');
  const names = new Set([...Object.keys(theirs ?? {}), ...Object.keys(env)]);
  const words = [written, ...Object.values(theirs ?? {}), ...Object.values(env)].flatMap(
    (part) => part.match(/\w{3,}/g) ?? [],
  );
  return words.filter((word) => !names.has(word));
}
