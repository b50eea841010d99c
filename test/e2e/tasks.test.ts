/**
 * Tasks, and runs that end by themselves.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { runOrderly } from '../support/run-orderly.ts';
import { assertOrder, story } from '../support/story.ts';

suite('tasks', { concurrency: 4, timeout: 20_000 }, () => {
  test('G1 G8: a task that succeeds lets its dependents start, and a run that is done ends with 0', async (t) => {
    const config = `
services:
  migrate: { type: task, command: touch migrated }
  api: { command: 'test -e migrated && echo migrated before me', depends_on: [migrate] }
`;
    const end = await runOrderly(t, { config }).ended;
    assert.equal(end.status, 0);
    const told = story(end.events);
    assertOrder(told, 'migrate exited', 'migrate completed', 'api starting', 'api says migrated before me');
    assertOrder(told, 'api completed', 'run finished');
    assert.match(JSON.stringify(end.events.at(-1)), /"status":0/);
  });

  test('G1 G8: a task that fails is not tried again, nothing after it starts, status 1', async (t) => {
    const config = `
services:
  db: { command: exec sleep 1000 }
  migrate: { type: task, command: 'echo no table >&2; exit 4', depends_on: [db] }
  api: { command: exec sleep 1000, depends_on: [migrate] }
`;
    const end = await runOrderly(t, { config, args: ['up', '--record', 'run.jsonl'] }).ended;
    assert.equal(end.status, 1);
    assert.match(end.stderr.at(-1) ?? '', /"migrate" failed: exited with code 4 after/);
    assert.equal(end.stdout.filter((line) => line === 'migrate | no table').length, 1);
    assert.ok(!end.stderr.some((line) => /api: ready/.test(line)));
  });

  test('G1: conditions exited and completed are those of the edge', async (t) => {
    const config = `
services:
  fails: { type: task, command: exit 3, on_failure: ignore }
  after: { type: task, command: 'echo anyway', depends_on: { fails: { condition: exited } } }
  never: { type: task, command: 'echo wrong', depends_on: { fails: { condition: completed } } }
`;
    const end = await runOrderly(t, { config }).ended;
    assert.equal(end.status, 0);
    const told = story(end.events);
    assertOrder(told, 'fails exited', 'after starting', 'after says anyway');
    assert.ok(told.includes('never skipped') && !told.includes('never starting'));
  });

  test('an optional dependency that fails holds nobody up', async (t) => {
    const config = `
services:
  cache: { command: [no-such-program-here], on_failure: ignore }
  api: { type: task, command: echo without it, depends_on: { cache: { optional: true } } }
`;
    const end = await runOrderly(t, { config }).ended;
    assert.equal(end.status, 0);
    assertOrder(story(end.events), 'cache failed', 'api starting', 'api says without it', 'api completed');
  });

  test('the last line of a run that went well is one calm line', async (t) => {
    const config = 'services: { a: { type: task, command: "true" } }';
    const end = await runOrderly(t, { config, args: ['up'] }).ended;
    assert.deepEqual([end.status, end.stderr.at(-1)], [0, 'orderly: everything is done']);
  });

  test('named services start with what they need, and nothing else', async (t) => {
    const config = `
services:
  db: { type: task, command: echo db }
  api: { type: task, command: echo api, depends_on: [db] }
  web: { type: task, command: echo web, depends_on: [api] }
  debug: { type: task, command: echo debug, profiles: [dev] }
`;
    const end = await runOrderly(t, { config, args: ['up', 'api'] }).ended;
    assert.deepEqual(end.stdout, ['db  | db', 'api | api']);
    const whole = await runOrderly(t, { config, args: ['up'] }).ended;
    assert.ok(!whole.stdout.join().includes('debug'));
    const debug = await runOrderly(t, { config, args: ['up', '--profile', 'dev'] }).ended;
    assert.ok(debug.stdout.includes('debug | debug'));
  });
});

suite('--exit-code-from', { concurrency: 4, timeout: 20_000 }, () => {
  for (const [name, command, status] of [
    ['its own code', 'exit 7', 7],
    ['0 where it succeeded', 'exit 0', 0],
    ['128 + n where a signal ended it', 'kill -KILL $$', 137],
  ] as const) {
    test(`G8: the run ends with that service, with ${name}`, async (t) => {
      const config = `
services:
  db: { command: exec sleep 1000, cleanup: [echo db is clean] }
  job: { command: ${command.replace('$$', '$$$$$$$$')}, restart: "no", depends_on: [db] }
`;
      const end = await runOrderly(t, {
        config,
        args: ['up', '--output', 'json', '--exit-code-from', 'job'],
      }).ended;
      assert.deepEqual([end.status, end.signal], [status, null]);
      assertOrder(story(end.events), 'job exited', 'db stopping', 'db says db is clean', 'run finished');
    });
  }

  test('G10: a service that is not among those to start is a usage error', async (t) => {
    const config = 'services: { a: { command: exec sleep 1000 } }';
    const end = await runOrderly(t, { config, args: ['up', '--exit-code-from', 'nobody'] }).ended;
    assert.equal(end.status, 2);
    assert.match(end.stderr.join('\n'), /--exit-code-from names "nobody"/);
  });
});
