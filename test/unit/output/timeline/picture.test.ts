/**
 * A timeline as a picture and as a page: well-formed, self-contained, and nothing in a record can break out of it.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { renderHtml } from '../../../../src/output/timeline/html.ts';
import { pathsOf } from '../../../../src/output/timeline/paths/find-paths.ts';
import { renderSvg } from '../../../../src/output/timeline/svg/picture.ts';
import { assertProperty } from '../../../support/assert-property.ts';
import { examplePath } from '../../../support/example-path.ts';
import { xmlProblem } from '../../../support/xml-problems.ts';
import {
  finished,
  goodRun,
  largeRun,
  longRun,
  of,
  shutdown,
  started,
  type Told,
  timelineOf,
} from './runs.ts';

function svgOf(run: readonly Told[]): string {
  const timeline = timelineOf(...run);
  return renderSvg(timeline, pathsOf(timeline));
}

function htmlOf(run: readonly Told[]): string {
  const timeline = timelineOf(...run);
  return renderHtml(timeline, pathsOf(timeline));
}

/** Everything that a record may quote, hostile. */
function runOf(hostile: string): readonly Told[] {
  return [
    started(0, { [hostile]: [], b: [hostile] }, hostile),
    of(1, hostile, 'starting'),
    of(2, hostile, 'ready', { evidence: hostile }),
    of(3, hostile, 'unhealthy', { detail: hostile }),
    of(4, hostile, 'exited', { signal: hostile, asked: false }),
    of(4, hostile, 'cleanup', { run: hostile, error: hostile }),
    of(5, hostile, 'backoff', { cause: hostile }),
    shutdown(6, { kind: 'collapse', service: hostile, why: hostile }),
    of(7, hostile, 'killed', { reason: hostile }),
    of(8, hostile, 'failed', { cause: hostile }),
    of(8, 'b', 'skipped', { attempt: 0, because: hostile }),
    finished(9, 1, hostile),
  ];
}

function assertSelfContained(text: string): void {
  assert.doesNotMatch(
    text,
    /<(?:script|foreignObject|iframe|img|image|link|object|embed|a|use|animate|set)\b/i,
  );
  assert.doesNotMatch(text, /\s(?:on\w+|href|src|xlink:href)\s*=/i);
  assert.doesNotMatch(text, /url\((?!#orderly-)|@import|expression\(/i);
}

for (const [name, run] of Object.entries({
  goodRun,
  longRun: longRun(),
  largeRun: largeRun(200),
  emptyRun: [started(1, {})],
  cutRun: goodRun.slice(0, 9),
})) {
  test(`the picture of ${name} is well-formed, self-contained, and told in words`, () => {
    const svg = svgOf(run);
    assert.equal(xmlProblem(svg), undefined);
    assertSelfContained(svg);
    assert.match(svg, /<title id="orderly-title">[^<]+<\/title>\n<desc id="orderly-desc">[^<]+\.<\/desc>/);
    assert.match(svg, /prefers-color-scheme:dark/);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
  });
}

test('the same record gives the same bytes', () => {
  assert.equal(svgOf(longRun()), svgOf(longRun()));
  assert.equal(htmlOf(longRun()), htmlOf(longRun()));
});

for (const hostile of [
  '</title><script>alert(1)</script>',
  '"><svg onload="alert(1)">',
  "'/><image href='http://elsewhere'/>",
  ']]>&lt;&nbsp;&#0;',
  '</style><style>@import "http://elsewhere"',
  'control \u0000\u001b[31m\u0085 \ufffe and half \ud800 a pair',
]) {
  test(`nothing breaks out of a picture or a page: ${JSON.stringify(hostile)}`, () => {
    const svg = svgOf(runOf(hostile));
    assert.equal(xmlProblem(svg), undefined);
    assertSelfContained(svg.replaceAll(/>[^<]*</g, '><').replaceAll(/"[^"]*"/g, '""'));
    assert.equal(svg.match(/<style>/g)?.length, 1);
    const html = htmlOf(runOf(hostile));
    assert.doesNotMatch(html, /<script|<image|<svg [^>]*onload/i);
    assert.equal(html.match(/<style>/g)?.length, 2);
  });
}

test('whatever a record quotes, the picture is well-formed', () => {
  assertProperty(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      if (text === 'b') return;
      assert.equal(xmlProblem(svgOf(runOf(text))), undefined);
    }),
    { numRuns: 200 },
  );
});

test('a page lets in its own styles, by their hashes, and nothing else', () => {
  const html = htmlOf(goodRun);
  const policy = /content="(default-src 'none'; style-src ([^;]+); [^"]*)"/.exec(html);
  assert.ok(policy);
  const styles = [...html.matchAll(/<style>([^<]*)<\/style>/g)].map(([, text = '']) => text);
  assert.equal(styles.length, 2);
  for (const style of styles) {
    assert.ok(policy[2]?.includes(`'sha256-${createHash('sha256').update(style).digest('base64')}'`));
  }
  assert.doesNotMatch(html, /\sstyle=/);
});

test('a page has a row for each service, both paths, and what went wrong', () => {
  const html = htmlOf(longRun());
  const rows = [...html.matchAll(/<tr><td>([^<]*)<\/td>/g)].map(([, name]) => name);
  assert.deepEqual(rows, ['db', 'api', 'db', 'api', 'api', 'db']);
  for (const words of [
    '<h2>Services</h2>',
    '<h2>Start-up: 2 s until api was ready</h2>',
    '<h2>Shutdown: 1 s</h2>',
    '<h2>What went wrong</h2>',
    'is unhealthy: http answered 500',
  ]) {
    assert.ok(html.includes(words), words);
  }
});

test('a lane with more events than the picture has columns stays small', () => {
  const crashes = Array.from({ length: 20_000 }, (_, index) => [
    of(10 + index, 'a', 'starting', { attempt: index + 1 }),
    of(10.3 + index, 'a', 'exited', { attempt: index + 1, code: 1, asked: false }),
    of(10.4 + index, 'a', 'backoff', { attempt: index + 1 }),
  ]);
  const svg = svgOf([started(0, { a: [] }), ...crashes.flat()]);
  assert.ok(svg.length < 1_000_000, `${svg.length} characters`);
});

for (const example of ['shop', 'postgres-redis']) {
  const pictures = readdirSync(examplePath(example)).filter((name) => name.endsWith('.svg'));
  test(`the pictures of examples/${example} are well-formed, self-contained and small`, () => {
    assert.deepEqual(pictures.sort(), ['failed.svg', 'run.svg']);
    for (const picture of pictures) {
      const svg = readFileSync(examplePath(example, picture), 'utf8');
      assert.equal(xmlProblem(svg), undefined);
      assertSelfContained(svg);
      assert.ok(statSync(examplePath(example, picture)).size < 60_000);
    }
  });
}
