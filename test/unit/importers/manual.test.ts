/** The chapter of the manual shows what importers write, and names the formats that there are. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FORMATS } from '../../../src/importers/formats.ts';
import { repositoryRoot } from '../../support/repository-root.ts';
import { configOf, imported } from './lab.ts';

const page = readFileSync(join(repositoryRoot(), 'src/manual/coming-from.md'), 'utf8');

test('each example becomes what stands below it', async () => {
  const blocks = [...page.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map(([, file = '', text = '']) => ({
    file,
    text,
  }));
  const sources = blocks.filter((_, index) => index % 2 === 0);
  const shown = new Set<string>();
  for (const [index, { file, text }] of sources.entries()) {
    const good = await imported(file, text);
    shown.add(good.format);
    const written = good.text.replaceAll(/^ *#.*\n/gm, '').trimStart();
    assert.equal(written, blocks[2 * index + 1]?.text, file);
    await configOf(good, { env: { PATH: '/bin' } });
  }
  assert.deepEqual([...shown].sort(), [...FORMATS].sort());
});

test('it names each format that --from takes', () => {
  for (const format of FORMATS) assert.ok(page.includes(`\`${format}\``), format);
});
