import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { PAGES } from '../../reference/contents.ts';
import { exampleFolder } from '../../support/example-folder.ts';
import { examplePath } from '../../support/example-path.ts';
import { definedKeys, type Schema, usedKeys } from '../../support/example-schema-keys.ts';
import { freePorts } from '../../support/free-port.ts';
import { repositoryRoot } from '../../support/repository-root.ts';
import { runOrderly } from '../../support/run-orderly.ts';

const file = join(repositoryRoot(), 'supervisor.yaml.example');
const text = readFileSync(file, 'utf8');

test('supervisor.yaml.example is right: nothing to complain about', async (t) => {
  // Wherever it is tested: in a container the automatic budget is shorter.
  const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
  const end = await runOrderly(t, { args: ['check', '-f', file], env }).ended;
  assert.equal(end.status, 0);
  assert.deepEqual(end.stderr, []);
});

test('supervisor.yaml.example runs as it stands: all become ready, and stop cleanly', async (t) => {
  const run = runOrderly(t, {
    args: ['up', '-f', file, '--profile', 'tools', '--output', 'json'],
    env: { ...(await freePorts('EXAMPLE_DB_PORT', 'EXAMPLE_WEB_PORT')), TMPDIR: exampleFolder(t) },
  });
  const { services } = await run.event('run.started');
  const there = services.map((service) =>
    run.event(
      (event) =>
        (event.type === 'service.ready' || event.type === 'service.completed') && event.service === service,
    ),
  );
  await Promise.all(there);
  assert.deepEqual(services, Object.keys(parse(text).services));
  run.signal('SIGTERM');
  const end = await run.ended;
  assert.equal(end.status, 143);
  assert.ok(!end.events.some(({ type }) => type === 'service.killed' || type === 'service.failed'));
});

test('supervisor.yaml.example has every key there is, and tells its default', async (t) => {
  const end = await runOrderly(t, { args: ['schema'] }).ended;
  const schema = JSON.parse(end.stdout.join('\n')) as Schema;
  // `defaults` has the keys of a service once more.
  const defined = [...definedKeys(schema)].filter(([key]) => !key.startsWith('/defaults/'));
  assert.ok(defined.length > 50);
  const used = usedKeys(schema, parse(text));
  assert.deepEqual(
    defined.map(([key]) => key).filter((key) => !used.has(key)),
    [],
  );
  for (const [key, { default: initial }] of defined) {
    if (initial === undefined) continue;
    const told = commentsOf(key.split('/').at(-1)!);
    const wanted = `default: ${Array.isArray(initial) ? `[${initial}]` : initial}`;
    assert.ok(
      told.some((comment) => comment.includes(wanted)),
      `${key} should have the comment "${wanted}"`,
    );
  }
});

test('every folder of examples has a test of its own', () => {
  const tests = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.js'));
  const ofReference = PAGES.map(({ name }) => name);
  const folders = readdirSync(examplePath()).filter((folder) => !ofReference.includes(folder));
  for (const folder of folders) assert.ok(tests.includes(`${folder}.test.js`), folder);
});

/** What is said beside a key, wherever it stands, and in the lines below that are nothing but comments. */
function commentsOf(key: string): readonly string[] {
  const lines = text.split('\n');
  const isKey = new RegExp(`^\\s*(?:- )?${key}:`);
  return lines.flatMap((line, index) => {
    if (!isKey.test(line)) return [];
    const below = lines.slice(index + 1).findIndex((next) => !/^\s+#/.test(next));
    return [
      lines
        .slice(index, index + 1 + below)
        .map((each) => each.replace(/^[^#]*# */, ''))
        .join(' '),
    ];
  });
}
