/**
 * The README says what is so: its diagram, tables, links and examples are held against the program.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { transformSync } from 'esbuild';
import { configJsonSchema } from '../../../src/config/schema/config.ts';
import { renderStateDiagram } from '../../../src/events/state-table.ts';
import { definedKeys, type Schema } from '../../support/example-schema-keys.ts';
import { repositoryRoot } from '../../support/repository-root.ts';
import { goodConfig } from '../config/load.ts';

const root = repositoryRoot();
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** What stands between two texts that are there once. */
function between(start: string, end: string, text = readme): string {
  const [, after, ...more] = text.split(start);
  assert.ok(after !== undefined && more.length === 0, `${JSON.stringify(start)} should be there once`);
  return after.slice(0, after.indexOf(end));
}

function chapter(title: string): string {
  return between(`\n## ${title}\n`, '\n## ');
}

function codeBlock(language: string, text: string): string {
  return between(`\`\`\`${language}\n`, '```', text);
}

/** The rows of all tables, each with its cells; without the lines below the heads. */
function tableRows(text: string): readonly (readonly string[])[] {
  const rows = text.split('\n').filter((line) => /^\|(?!---)/.test(line));
  return rows.map((row) => row.split(/(?<!\\)\|/).slice(1, -1));
}

/** The words of what is written as code. */
function codeWords(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) => code.match(/[a-z_]+/gi) ?? []);
}

const schemaKeys = [...definedKeys(configJsonSchema() as Schema).keys()];

test('the diagram of states is that of the table of allowed moves', () => {
  const diagram = between('<!-- states -->\n', '<!-- /states -->');
  assert.equal(diagram, `\`\`\`mermaid\n${renderStateDiagram()}\n\`\`\`\n`);
});

test('every key of the configuration is in a table of its chapter', () => {
  assert.ok(schemaKeys.length > 60);
  const told = new Set(tableRows(chapter('Configuration')).flatMap((row) => codeWords(row.join(' '))));
  assert.deepEqual(
    schemaKeys.filter((key) => !told.has(key.split('/').at(-1)!)),
    [],
  );
});

test('every key that a table is about is one of the configuration', () => {
  const known = new Set(schemaKeys.map((key) => key.split('/').at(-1)!));
  const keys = tableRows(chapter('Configuration')).flatMap(([first = '']) =>
    // `tcp: 5432` is about tcp, and `shutdown.budget` about the budget.
    [...first.matchAll(/`([\w.]+)/g)].map(([, name = '']) => name.split('.').at(-1)!),
  );
  assert.ok(keys.length > 30);
  assert.deepEqual(
    keys.filter((key) => !known.has(key)),
    [],
  );
});

test('every guarantee has a test that bears its number', () => {
  const numbers = tableRows(chapter('Guarantees')).flatMap(([first = '']) => first.match(/\bG\d+\b/) ?? []);
  assert.ok(numbers.length > 0);
  const names = testFiles(join(root, 'test')).flatMap((path) => testNames(readFileSync(path, 'utf8')));
  assert.deepEqual(
    numbers.filter((number) => !names.some((name) => new RegExp(`\\b${number}\\b`).test(name))),
    [],
  );
});

test('every link leads somewhere', () => {
  const anchors = [...readme.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => anchorOf(title));
  const links = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const broken = links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    return path === '' ? !anchors.includes(anchor!) : !existsSync(join(root, path));
  });
  assert.ok(links.length > 5);
  assert.deepEqual(broken, []);
});

test('the configuration that shows the use is a good one', async () => {
  const { services } = await goodConfig(codeBlock('yaml', chapter('Use')));
  assert.deepEqual(
    services.map(({ name }) => name),
    ['db', 'migrate', 'api', 'web'],
  );
});

test('the example of structured concurrency runs, and leaves nothing to wait for', async () => {
  const code = codeBlock('ts', between('\n### orderlyd/concurrency\n', '\n### '));
  const url = new URL('../../../src/concurrency/index.js', import.meta.url);
  const { code: plain } = transformSync(code, { loader: 'ts' });
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

/** As GitHub makes it. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
