/**
 * The chapter of the manual about terminals shows pictures that are there, all of them and of a size that pages can bear, and its
 * configurations are good.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../../support/repository-root.ts';
import { xmlProblem } from '../../support/xml-problems.ts';
import { goodConfig } from '../config/load.ts';

const folder = join(repositoryRoot(), 'src/manual');
const page = readFileSync(join(folder, 'terminals.md'), 'utf8');
const MAX_BYTES = 60_000;

test('each picture of terminals is shown, is well-formed and small', () => {
  const shown = [...page.matchAll(/!\[[^\]]+\]\((pictures\/[\w-]+\.svg)\)/g)].map(([, path = '']) => path);
  const drawn = readdirSync(join(folder, 'pictures')).filter((name) => name.startsWith('terminal-'));
  assert.deepEqual(shown.toSorted(), drawn.map((name) => `pictures/${name}`).toSorted());
  for (const path of shown) {
    assert.ok(statSync(join(folder, path)).size < MAX_BYTES, path);
    assert.equal(xmlProblem(readFileSync(join(folder, path), 'utf8')), undefined, path);
  }
});

test('each configuration of the chapter is one', async () => {
  const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text);
  assert.ok(blocks.length >= 3);
  for (const block of blocks) await goodConfig(block);
});
