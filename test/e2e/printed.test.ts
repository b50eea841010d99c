/**
 * Which lines are printed: `--only` and `log.print`. All else is told as ever.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

const three = `
services:
  db: { type: task, command: echo from db, log: { file: db.log }, cleanup: [echo db is clean] }
  api: { type: task, command: echo from api, depends_on: [db] }
  apis: { type: task, command: echo from apis, depends_on: [api] }
`;

suite('what is printed', { concurrency: 4, timeout: 20_000 }, () => {
  test('--only prints the lines of these services, and their names are as wide as they need; the rest is as ever', async (t) => {
    const args = ['up', '--only', 'api', '--record', 'run.jsonl'];
    const run = runOrderly(t, { config: three, args });
    const end = await run.ended;
    assert.deepEqual([end.status, end.stdout], [0, ['api | from api']]);
    assert.equal(readFileSync(join(run.folder, 'db.log'), 'utf8'), 'from db\ndb is clean\n');
    assert.match(readFileSync(join(run.folder, 'run.jsonl'), 'utf8'), /"service.completed","service":"db"/);
    for (const name of ['db', 'api', 'apis'])
      assert.match(end.stderr.join('\n'), new RegExp(`orderly: ${name}: completed`));
  });

  test('--only takes several, and patterns', async (t) => {
    const only = async (names: string) =>
      (await runOrderly(t, { config: three, args: ['up', '--only', names] }).ended).stdout;
    assert.deepEqual(await only('api*'), ['api  | from api', 'apis | from apis']);
    assert.deepEqual(await only('apis,db'), ['db   | from db', 'db   | db is clean', 'apis | from apis']);
  });

  test('--only changes nothing in JSON', async (t) => {
    const args = ['up', '--only', 'api', '--output', 'json'];
    const end = await runOrderly(t, { config: three, args }).ended;
    const texts = end.events.flatMap((event) => (event.type === 'log' ? [event.text] : []));
    assert.deepEqual(texts, ['from db', 'db is clean', 'from api', 'from apis']);
  });

  test('G10: --only with a name that nobody has is refused, with the nearest; nothing is started', async (t) => {
    for (const [names, message] of [
      ['db,appi', 'orderly: --only: there is no service "appi"; did you mean "api"?'],
      ['x*', 'orderly: --only: there is no service "x*"'],
      [',', 'orderly: --only names no service'],
    ] as const) {
      const end = await runOrderly(t, { config: three, args: ['up', '--only', names] }).ended;
      assert.deepEqual([end.status, end.stderr, end.stdout], [2, [message], []]);
    }
  });

  test('run takes --only too; what the command writes is its own', async (t) => {
    const args = ['run', '--only', 'db', '--needs', 'db,api', '--', 'echo', 'the command'];
    const end = await runOrderly(t, { config: three, args }).ended;
    assert.deepEqual([end.status, end.stdout], [0, ['the command']]);
    const lines = end.stderr.filter((line) => / \| /.test(line));
    assert.deepEqual(lines, ['db | from db', 'db | db is clean']);
    const wrong = await runOrderly(t, { config: three, args: ['run', '--only', 'dbb', '--', 'true'] }).ended;
    assert.deepEqual([wrong.status, /did you mean "db"/.test(wrong.stderr.join('\n'))], [2, true]);
  });

  test('log.print: false leaves the lines out, and its failure shows the last ones', async (t) => {
    const config = `
services:
  loud: { type: task, command: echo loud }
  mute: { type: task, command: 'echo one; echo two >&2; exit 3', log: { print: false }, depends_on: [loud] }
`;
    const end = await runOrderly(t, { config, args: ['up'] }).ended;
    assert.deepEqual([end.status, end.stdout], [1, ['loud | loud']]);
    const block = end.stderr.filter((line) => / \| /.test(line)).map((line) => line.replace(/.*\| /, ''));
    assert.deepEqual(block.toSorted(), ['one', 'two']);
  });

  test('log.print that is changed by a reload counts from the next instance', async (t) => {
    const config = (print: boolean) => `
on_hangup: reload
services:
  db:
    command: 'echo from db; echo x >> wrote; until [ -e go ]; do sleep 0.02; done; rm go; exit 3'
    restart: { policy: always, delay: 10ms }
    log: { print: ${print} }
`;
    const run = runOrderly(t, { config: config(true), args: ['up'] });
    await run.line(/from db/);
    writeFileSync(join(run.folder, 'supervisor.yaml'), config(false));
    run.signal('SIGHUP');
    await run.line(/"db" changed \(log\)/);
    writeFileSync(join(run.folder, 'go'), '');
    await until(() => readFileSync(join(run.folder, 'wrote'), 'utf8') === 'x\nx\n');
    run.signal('SIGTERM');
    assert.deepEqual((await run.ended).stdout, ['db | from db']);
  });
});
