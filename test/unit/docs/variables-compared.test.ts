/**
 * What the manual says of other readers of variables is what their tables give: the rows of each, and how many of them agree.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { between, chapter, tableRows } from '../../support/manual.ts';
import { composeDocuments } from '../config/variables/tables/compose-documents.ts';
import { composeDotenv } from '../config/variables/tables/compose-dotenv.ts';
import { composeEnvFiles } from '../config/variables/tables/compose-env-files.ts';
import { composeInterpolation } from '../config/variables/tables/compose-interpolation.ts';
import { npmDotenv } from '../config/variables/tables/npm-dotenv.ts';
import { npmDotenvExpand } from '../config/variables/tables/npm-dotenv-expand.ts';
import { counts } from '../config/variables/tables/row.ts';
import { rubyDotenv } from '../config/variables/tables/ruby-dotenv.ts';

const TABLES = [
  ...[composeInterpolation, composeDocuments, composeDotenv, composeEnvFiles],
  ...[npmDotenv, npmDotenvExpand, rubyDotenv],
];

test('the manual has the numbers of every table of other readers', () => {
  const section = between('### How files of variables compare\n', '\n## ', chapter('configuration'));
  const [, ...rows] = tableRows(section).map((cells) => cells.map((cell) => cell.trim()));
  assert.deepEqual(
    rows,
    TABLES.map((table) => [table.source, ...counts(table).map(String)]),
  );
});
