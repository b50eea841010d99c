/**
 * The manual is fit to be read: its snippets are good configurations, its sentences short, and it is what `orderly help` shows.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { dependencyProblems } from '../../../src/graph/dependency-problems.ts';
import { renderPlainText } from '../../../src/manual/plain-text.ts';
import { listTopics } from '../../../src/manual/topics.ts';
import {
  chapter,
  manualPaths,
  readText,
  type Snippet,
  sentences,
  snippets,
  wordCount,
} from '../../support/manual.ts';
import { loadText, shown } from '../config/load.ts';

const pages = ['README.md', ...manualPaths()];
const topics = listTopics(new Map(manualPaths().map((path) => [nameOf(path), readText(path)])));

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1, -'.md'.length);
}

suite('a snippet of YAML is', () => {
  for (const path of pages)
    for (const snippet of snippets(readText(path)).filter(({ info }) => /^yaml\b/.test(info)))
      test(`a good configuration, in line ${snippet.line} of ${path}`, async () => {
        assert.deepEqual(await problemsOf(snippet), []);
      });

  test('bad if it says what there is not', async () => {
    const bad = async (info: string, code: string) => (await problemsOf({ info, code, line: 1 })).length;
    assert.equal(await bad('yaml', 'services: { a: { command: x, depends: [b] } }\n'), 1);
    assert.equal(await bad('yaml', 'services: { a: { command: x, depends_on: [b] } }\n'), 1);
    assert.equal(await bad('yaml service', 'command: x\nhealthy: no\n'), 1);
    assert.equal(await bad('yaml of mine', 'services: {}\n'), 1);
    assert.equal(await bad('yaml fragment: it needs a reason', 'anything'), 0);
  });
});

/**
 * `yaml` and `yaml FILE` are whole files; `yaml service` is what stands in one service; `yaml fragment: WHY` can't be read by itself.
 * `yml FILE` is of another tool, or written by a program: the test of that program looks at it.
 */
async function problemsOf({ info, code }: Snippet): Promise<readonly string[]> {
  const [, kind = ''] = info.split(' ');
  if (kind === 'fragment:') return [];
  if (kind !== '' && kind !== 'service' && !kind.endsWith('.yaml')) return [`what is "${info}"?`];
  const indented = code.replaceAll(/^(?=.)/gm, '    ');
  const text = kind === 'service' ? `services:\n  a:\n${indented}` : code;
  const result = await loadText(text, { env: { ALERT_URL: 'https://alerts.example/' } });
  if (!result.ok) return [shown(result.diagnostics)];
  return dependencyProblems(result.config.services).map(({ message }) => message);
}

test('sentences are short: 20 words on average in each chapter at most, and 16 in all', () => {
  const averages = pages.map((path) => {
    const counts = sentences(readText(path)).map(wordCount);
    return { path, count: counts.length, words: counts.reduce((sum, count) => sum + count, 0) };
  });
  assert.deepEqual(
    averages.filter(({ count, words }) => words / count > 20).map(({ path }) => path),
    [],
  );
  const all = averages.reduce((sum, { words }) => sum + words, 0);
  const average = all / averages.reduce((sum, { count }) => sum + count, 0);
  assert.ok(average <= 16, `${average} words`);
  assert.equal(wordCount(sentences('# No\n\nOne `two three` [four](five). Six\n\n| no |\n')[0]!), 3);
});

test('a program is no person, and does not hear', () => {
  const told = manualPaths().flatMap((path) =>
    sentences(readText(path))
      .filter((sentence) => /\bwhat is so\b|\bhears?\b|\bheard\b|\bwhoever\b/i.test(sentence))
      .map((sentence) => `${path}: ${sentence}`),
  );
  assert.deepEqual(told, []);
});

test('every chapter stands in the contents, and all that stands there is one', () => {
  const contents = [...chapter('README').matchAll(/\]\(([\w-]+)\.md\)/g)].map(([, name]) => name);
  assert.deepEqual(
    topics.map(({ name }) => name),
    contents,
  );
});

test('what is to be typed fits a terminal of 80 columns, beside its indent', () => {
  const wide = manualPaths().flatMap((path) =>
    snippets(readText(path))
      .filter(({ info }) => /^(?:yaml|sh|json|dockerfile)\b/.test(info))
      .flatMap(({ code }) => code.split('\n').filter((line) => line.length > 76))
      .map((line) => `${path}: ${line}`),
  );
  assert.deepEqual(wide, []);
});

test('as plain text nothing but code and single words is wider than the terminal', () => {
  for (const columns of [40, 80, 100])
    for (const { name } of topics) {
      const code = new Set(snippets(chapter(name)).flatMap(({ code }) => code.split('\n')));
      const wide = renderPlainText(chapter(name), { columns, isBold: false })
        .split('\n')
        .filter(
          (line) => [...line].length > columns && line.trim().includes(' ') && !code.has(line.slice(4)),
        );
      assert.deepEqual(wide, [], `${name} at ${columns}`);
    }
});
