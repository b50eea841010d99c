/**
 * `orderly check --output json`: one document on stdout, whatever is wrong, as the manual describes it; and no secret in it.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { CheckDocument } from '../../src/cli/check/document.ts';
import { chapter, snippets } from '../support/manual.ts';
import { type OrderlyEnd, type OrderlyOptions, runOrderly } from '../support/run-orderly.ts';

interface Told extends OrderlyEnd {
  readonly folder: string;
  readonly document: CheckDocument;
}

async function checked(t: TestContext, options: OrderlyOptions, ...more: readonly string[]): Promise<Told> {
  const run = runOrderly(t, { ...options, args: ['check', '--output', 'json', ...more] });
  const end = await run.ended;
  const document = JSON.parse(end.stdout.join('\n')) as CheckDocument;
  assert.equal(end.status, document.status);
  return { ...end, folder: run.folder, document };
}

/** The example of the manual: its file, and the documents. */
function example(): readonly [config: string, plan: CheckDocument, mistake: CheckDocument] {
  const all = snippets(chapter('commands'));
  const [plan = '', mistake = ''] = all.filter(({ info }) => info === 'json').map(({ code }) => code);
  const config = all.find(({ info }) => info === 'yaml supervisor.yaml')?.code ?? '';
  return [config, JSON.parse(plan) as CheckDocument, JSON.parse(mistake) as CheckDocument];
}

/** As if the folder of the run were that of the manual. */
function moved({ document, folder }: Told): CheckDocument {
  return JSON.parse(JSON.stringify(document).replaceAll(folder, '/srv/shop')) as CheckDocument;
}

suite('check --output json', { concurrency: 3, timeout: 60_000 }, () => {
  test('a plan is told as in the manual', async (t) => {
    const [config, plan] = example();
    const told = await checked(t, { config, env: { KUBERNETES_SERVICE_HOST: '10.0.0.1' } });
    assert.deepEqual(moved(told), { ...plan, surroundings: 'kubernetes' });
    assert.deepEqual(told.stderr, []);
  });

  test('G10: a mistake is told as in the manual', async (t) => {
    const [config, , mistake] = example();
    const told = await checked(t, { config: config.replace('command', 'comand') });
    assert.deepEqual(moved(told), mistake);
    assert.deepEqual(told.stderr, []);
  });

  test('G10: what can not be loaded at all, and a name that nobody has, have diagnostics alone', async (t) => {
    const config = 'services: { api: { command: sleep 1000 } }\n';
    const cases: readonly (readonly [OrderlyOptions, readonly string[], RegExp])[] = [
      [{}, ['-f', 'none.yaml'], /none\.yaml": there is no such file$/],
      [{ config: 'services: {' }, [], /./],
      [{ config }, ['apii'], /"apii"/],
      [{ config: 'services: { a: { command: x, depends_on: [a] } }' }, [], /"a" cannot depend on itself/],
    ];
    for (const [options, args, message] of cases) {
      const { document, stderr } = await checked(t, options, ...args);
      assert.deepEqual(Object.keys(document), ['status', 'diagnostics']);
      assert.equal(document.status, 2);
      assert.match(document.diagnostics[0]?.message ?? '', message);
      assert.equal(document.diagnostics[0]?.severity, 'error');
      assert.deepEqual(stderr, []);
    }
  });

  test('G10: what stands against it on this machine is an error beside the plan; a start may have no limit', async (t) => {
    const config = `services:
  a: { command: sleep 1000, user: no-such-user, depends_on: [b] }
  b: { type: task, command: 'true' }
`;
    const { document } = await checked(t, { config }, '--budget', '7s');
    assert.equal(document.status, 2);
    assert.deepEqual(
      document.diagnostics.map(({ severity, path, line }) => [severity, path, line]),
      [['error', ['services', 'a', 'user'], 2]],
    );
    assert.deepEqual(document.start_waves, [['b'], ['a']]);
    assert.deepEqual([document.budget_ms, 'start_worst_ms' in document], [7_000, false]);
  });

  test('G10: it tells what is told to people, each with the same place', async (t) => {
    const config = `services:
  a: { comand: x, ready: { tpc: 1 } }
  b: { command: x, depends_on: [nobody] }
`;
    const { document, folder } = await checked(t, { config });
    const people = await runOrderly(t, { config, args: ['check'] }).ended;
    const places = document.diagnostics.map(({ file = '', line, column, message }) => {
      assert.equal(file, join(folder, 'supervisor.yaml'));
      return `supervisor.yaml:${line}:${column}: ${message}`;
    });
    assert.deepEqual(
      people.stderr.filter((line) => line.startsWith('supervisor.yaml:')),
      places,
    );
    assert.ok(places.length >= 3);
  });

  test('in a workflow of GitHub the annotations go to stderr, alone', async (t) => {
    const config = 'services:\n  a: { comand: x }\n';
    const { document, stderr, folder } = await checked(t, { config, env: { GITHUB_ACTIONS: 'true' } });
    assert.deepEqual(
      stderr.map((line) => line.split('::')[1]),
      document.diagnostics.map(
        ({ severity, line, column }) =>
          `${severity} file=${folder}/supervisor.yaml,line=${line},col=${column}`,
      ),
    );
    assert.ok(stderr.length > 0);
  });

  test('no secret is in it, whatever it was filled in', async (t) => {
    const files = { '.env': `WORD=sesame1\nLONG=${'sesame'.repeat(20)}\n` };
    const env = { MY_TOKEN: 'sesame2' };
    const wrong = `services:
  a: { command: x, ready: { tcp: "\${LONG}" }, stop: { grace: "in \${WORD}" }, restart: "\${MY_TOKEN}" }
  b: { command: x, on_failure: "pg://me:sesame3@h" }
`;
    const refused = await checked(t, { config: wrong, files, env });
    const messages = refused.document.diagnostics.map(({ message }) => message).join('\n');
    assert.doesNotMatch(refused.stdout.join('\n'), /sesame/);
    for (const shown of ['"${LONG}" filled in', '"in ${WORD}" filled in', '"pg://me:***@h"'])
      assert.ok(messages.includes(shown), `${shown} is not in ${messages}`);
    const fine = 'services: { a: { command: ["${LONG}"], cwd: "/${WORD}" } }\n';
    const doubtful = await checked(t, { config: fine, files, env });
    assert.equal(doubtful.status, 0);
    assert.doesNotMatch(doubtful.stdout.join('\n'), /sesame/);
    assert.match(doubtful.stdout.join('\n'), /\*\*\*/);
  });
});
