/** What CONTRIBUTING.md points to is there, and it points to every guarantee. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../../support/repository-root.ts';

const root = repositoryRoot();
const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

test('every file and folder that CONTRIBUTING.md names is there', () => {
  const named = [...text.matchAll(/`((?:src|test|examples|bin)\/[\w./-]+)`/g)].map(([, path = '']) => path);
  assert.ok(named.length > 40);
  assert.deepEqual(
    named.filter((path) => !existsSync(join(root, path))),
    [],
  );
});

test('every script that CONTRIBUTING.md names is one', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  const named = [...text.matchAll(/npm run (\w+)/g)].map(([, name = '']) => name);
  assert.deepEqual(
    named.filter((name) => !(name in scripts)),
    [],
  );
});

test('each guarantee is proved by tests that bear its number', () => {
  for (let guarantee = 1; guarantee <= 12; guarantee++) {
    const row = text.split('\n').find((line) => line.startsWith(`| G${guarantee} `));
    const files = [...(row ?? '').matchAll(/`(test\/[\w./-]+)`/g)].map(([, path = '']) => path);
    assert.ok(files.length > 0, `G${guarantee}`);
    const without = files.filter(
      (path) =>
        !new RegExp(`(?:test|suite)\\((?:.*\\n)?.*\\bG${guarantee}\\b`).test(
          readFileSync(join(root, path), 'utf8'),
        ),
    );
    assert.deepEqual(without, [], `no test with G${guarantee}`);
  }
});

test('the functions that CONTRIBUTING.md names stand in the files that it names before them', () => {
  const named = [...text.matchAll(/`(src\/[\w./-]+\.ts)`((?: `\w+`)+)/g)].flatMap(
    ([, path = '', names = '']) => [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => ({ path, name })),
  );
  assert.ok(named.length > 12);
  assert.deepEqual(
    named.filter(
      ({ path, name }) => !new RegExp(`\\b${name}\\b`).test(readFileSync(join(root, path), 'utf8')),
    ),
    [],
  );
});
