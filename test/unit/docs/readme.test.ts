/**
 * README and manual are true: their diagram, tables, links and examples are held against the program.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { transformSync } from 'esbuild';
import { configJsonSchema } from '../../../src/config/schema/config.ts';
import { renderStateDiagram } from '../../../src/events/state-table.ts';
import { definedKeys, type Schema } from '../../support/example-schema-keys.ts';
import {
  anchors,
  between,
  chapter,
  links,
  manualPaths,
  readText,
  snippets,
  tableRows,
} from '../../support/manual.ts';
import { repositoryRoot } from '../../support/repository-root.ts';
import { goodConfig } from '../config/load.ts';

const root = repositoryRoot();
const readme = readText('README.md');
/** Those that the keys of `supervisor.yaml` stand in, in tables. */
const configuration = ['configuration', 'readiness-and-health', 'hooks'].map(chapter).join('\n');

/** The words of what is written as code. */
function codeWords(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) => code.match(/[a-z_]+/gi) ?? []);
}

const schemaKeys = [...definedKeys(configJsonSchema() as Schema).keys()];

test('the README is a front page: 250 lines at most', () => {
  const { length } = readme.trimEnd().split('\n');
  assert.ok(length <= 250, `${length} lines`);
});

test('the diagram of states is that of the table of allowed moves', () => {
  const diagram = between('<!-- states -->\n', '<!-- /states -->', chapter('failures'));
  assert.equal(diagram, `\`\`\`mermaid\n${renderStateDiagram()}\n\`\`\`\n`);
});

test('every key of the configuration is in a table of its chapters', () => {
  assert.ok(schemaKeys.length > 60);
  const told = new Set(tableRows(configuration).flatMap((row) => codeWords(row.join(' '))));
  assert.deepEqual(
    schemaKeys.filter((key) => !told.has(key.split('/').at(-1)!)),
    [],
  );
});

test('every key that a table is about is one of the configuration', () => {
  const known = new Set(schemaKeys.map((key) => key.split('/').at(-1)!));
  const keys = tableRows(configuration).flatMap(([first = '']) =>
    // `tcp: 5432` is about tcp, and `shutdown.budget` about the budget.
    [...first.matchAll(/`([\w.]+)/g)].map(([, name = '']) => name.split('.').at(-1)!),
  );
  assert.ok(keys.length > 30);
  assert.deepEqual(
    keys.filter((key) => !known.has(key)),
    [],
  );
});

test('every guarantee is in README and manual, and has a test that bears its number', () => {
  const numbered = (text: string) => tableRows(text).flatMap(([first = '']) => first.match(/\bG\d+\b/) ?? []);
  const numbers = numbered(chapter('guarantees'));
  assert.ok(numbers.length > 0);
  assert.deepEqual(numbered(readme), numbers);
  const names = testFiles(join(root, 'test')).flatMap((path) => testNames(readFileSync(path, 'utf8')));
  assert.deepEqual(
    numbers.filter((number) => !names.some((name) => new RegExp(`\\b${number}\\b`).test(name))),
    [],
  );
});

test('every link and picture leads somewhere, and to a heading that is there', () => {
  const paths = ['README.md', 'src/README.md', 'src/service/README.md', ...manualPaths()];
  const broken = paths.flatMap((path) =>
    links(readText(path))
      .filter((link) => !leadsSomewhere(link, path))
      .map((link) => `${path}: ${link}`),
  );
  assert.ok(links(readme).length > 20);
  assert.deepEqual(broken, []);
});

function leadsSomewhere(link: string, from: string): boolean {
  if (/^[a-z]+:/.test(link)) return true;
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? from : normalize(join(dirname(from), path));
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || !target.endsWith('.md') || anchors(readText(target)).includes(anchor);
}

for (const path of ['README.md', 'src/manual/getting-started.md'])
  test(`the configuration that shows the use is a good one, in ${path}`, async () => {
    const [first] = snippets(readText(path)).filter(({ info }) => info === 'yaml');
    const { services } = await goodConfig(first!.code);
    assert.deepEqual(
      services.map(({ name }) => name),
      ['db', 'migrate', 'api', 'web'],
    );
  });

test('the example of structured concurrency runs, and leaves nothing to wait for', async () => {
  const [example] = snippets(between('\n## orderlyd/concurrency\n', '\n### ', chapter('library')));
  assert.equal(example?.info, 'ts');
  const url = new URL('../../../src/concurrency/index.js', import.meta.url);
  const { code: plain } = transformSync(example.code, { loader: 'ts' });
  const module = plain.replace('"orderlyd/concurrency"', JSON.stringify(url.href));
  assert.notEqual(module, plain);
  await import(`data:text/javascript,${encodeURIComponent(module)}`);
});

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return path.endsWith('.test.ts') ? [path] : [];
  });
}

function testNames(source: string): readonly string[] {
  const calls = source.matchAll(/\b(?:test|suite|describe)\(\s*(['"`])(.*?)(?<!\\)\1/gs);
  return [...calls].map(([, , name = '']) => name);
}
