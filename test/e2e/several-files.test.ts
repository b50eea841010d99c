/**
 * Configurations of several files, as the real program reads them: what is included, what is extended.
 */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { ask, stateOf } from '../support/control-client.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { type OrderlyEnd, runOrderly } from '../support/run-orderly.ts';

suite('files that are included', { concurrency: 4, timeout: 60_000 }, () => {
  const config = `
include: [db/db.yaml]
services:
  api: { type: task, command: 'echo api', depends_on: [db] }
`;
  const files = {
    'db/db.yaml': 'services:\n  db: { type: task, command: "pwd; cat data $X", env_file: db.env }\n',
    'db/db.env': 'X=more',
    'db/data': 'data\n',
    'db/more': 'more\n',
  };

  test('their services run in their own folder, in one graph with the others', async (t) => {
    const run = runOrderly(t, { config, files, args: ['up'] });
    const end = await run.ended;
    assert.deepEqual(
      [end.status, end.stdout],
      [0, [`db  | ${join(run.folder, 'db')}`, 'db  | data', 'db  | more', 'api | api']],
    );
  });

  test('what one says for all holds for its services, and is told with its place', async (t) => {
    const given = {
      config: `env: { A: top, B: top }\n${config}`,
      files: {
        ...files,
        'db/db.yaml': `env: { A: db }\ndefaults: { log: { prefix: false } }\n${files['db/db.yaml']}`,
      },
    };
    const end = await runOrderly(t, { ...given, args: ['up', 'db'] }).ended;
    assert.deepEqual(end.stdout.slice(1), ['data', 'more']);
    const told = await runOrderly(t, { ...given, args: ['env', 'db'] }).ended;
    const lines = told.stdout.map((line) => line.split(/ {2,}/));
    assert.deepEqual(
      lines.filter(([name = '']) => ['A', 'B', 'X'].includes(name)),
      [
        ['A', 'env db/db.yaml:1:8', 'db'],
        ['B', 'env supervisor.yaml:1:16', 'top'],
        ['X', 'env_file db/db.env:1', '***'],
      ],
    );
  });

  test('check lists them, and completion knows their services', async (t) => {
    const end = await runOrderly(t, { config, files, args: ['check'] }).ended;
    assert.equal(end.status, 0, end.stderr.join('\n'));
    assert.match(end.stdout.join('\n'), /^files\n {2}supervisor\.yaml\n {2}db\/db\.yaml$/m);
    const proposed = await runOrderly(t, { config, files, args: ['complete', 'services', '--', 'ps'] }).ended;
    assert.deepEqual(proposed.stdout.toSorted(), ['api', 'db']);
  });

  test('G10 what is wrong in them, and with them, is told at once, each with its place', async (t) => {
    const end = await runOrderly(t, {
      config: 'include: [a.yaml, none.yaml, /dev/zero, fifo]\nservices: { c: { command: x } }\n',
      files: { 'a.yaml': 'name: a\nservices:\n  b: { comand: x }\n  c: { command: x }\n' },
      inside: ['sh', '-c', 'mkfifo fifo && exec "$@"', 'sh'],
      args: ['up'],
    }).ended;
    assert.equal(end.status, 2);
    const told = placed(end);
    assert.deepEqual(
      told.map((line) => line.replace(/".*\//, '"…/')),
      [
        'supervisor.yaml:1:19: Cannot read the included file "…/none.yaml": there is no such file',
        'supervisor.yaml:1:30: Cannot read the included file "…/zero": it is no regular file',
        'supervisor.yaml:1:41: Cannot read the included file "…/fifo": it is no regular file',
        'supervisor.yaml:2:13: Service "c" is in an included file too: one name is one service',
        'a.yaml:1:1: "name" cannot stand in an included file: it holds for the whole configuration',
        'a.yaml:3:8: Unknown key "comand" in service "b"',
      ],
    );
    assert.ok(end.stderr.includes('  a.yaml:4:6: "c" of the other file'), end.stderr.join('\n'));
  });

  test('G10 a cycle is one error, with its whole trail', async (t) => {
    const end = await runOrderly(t, {
      config: 'include: a/a.yaml\n',
      files: { 'a/a.yaml': 'include: ../b.yaml\n', 'b.yaml': 'include: a/a.yaml\n' },
      args: ['up'],
    }).ended;
    assert.equal(end.status, 2);
    assert.deepEqual(placed(end), [
      'b.yaml:1:10: These files include each other: a.yaml -> b.yaml -> a.yaml',
    ]);
    for (const place of [
      'a/a.yaml:1:10: "a.yaml" includes "b.yaml"',
      'b.yaml:1:10: "b.yaml" includes "a.yaml"',
    ])
      assert.ok(end.stderr.includes(`  ${place}`), end.stderr.join('\n'));
  });

  test('nothing is written over them, not by the run and not by a picture of it', async (t) => {
    const over = await runOrderly(t, { config, files, args: ['up', '--record', 'db/db.yaml'] }).ended;
    assert.equal(over.status, 2);
    assert.match(
      over.stderr.join('\n'),
      /Cannot record to .*db\.yaml": that file is read for the configuration/,
    );
    const both = 'orderly up --record r.jsonl; orderly timeline r.jsonl -o db/db.yaml'.replaceAll(
      'orderly',
      `"${process.execPath}" "${orderlyBin}"`,
    );
    const drawn = await runOrderly(t, { config, files, instead: ['sh', '-c', both] }).ended;
    assert.equal(drawn.status, 2);
    assert.match(drawn.stderr.join('\n'), /Cannot write to .*db\.yaml": that is the configuration/);
  });

  test('a reload reads them again, and refuses what is wrong in them', async (t) => {
    const run = runOrderly(t, {
      config: 'include: sub.yaml\n',
      files: { 'sub.yaml': 'services: { a: { command: "echo one; exec sleep 1000" } }\n' },
    });
    await run.event('service.ready', { service: 'a' });
    const write = (text: string) => writeFileSync(join(run.folder, 'sub.yaml'), text);
    write('services: { a: { comand: x } }\n');
    const refused = await ask(t, run, 'reload');
    assert.equal(refused.status, 2);
    assert.match(refused.stderr.join('\n'), /sub\.yaml:1:18: Unknown key "comand"/);
    write('services: { a: { command: "echo two; exec sleep 1000" }, b: { command: exec sleep 1000 } }\n');
    assert.deepEqual((await ask(t, run, 'reload')).stdout, ['a: changed', 'b: added']);
    await ask(t, run, 'down');
    await run.ended;
  });
});

suite('services that extend others', { concurrency: 4, timeout: 60_000 }, () => {
  const config = `
services:
  worker:
    type: task
    command: 'echo "$QUEUE"'
    env: { QUEUE: all }
    labels: { team: work }
    depends_on: [db]
    profiles: [base]
  mails: { extends: worker, env: { QUEUE: mails } }
  bills: { extends: mails, env: { QUEUE: bills }, depends_on: [mails] }
  db: { type: task, command: echo db }
`;

  test('each runs with what it took over and its own; the one that is only extended is held back', async (t) => {
    const end = await runOrderly(t, { config, args: ['up'] }).ended;
    assert.equal(end.status, 0, end.stderr.join('\n'));
    assert.deepEqual(end.stdout, ['db    | db', 'mails | mails', 'bills | bills']);
    const graph = await runOrderly(t, { config, args: ['graph', '--format', 'json'] }).ended;
    assert.doesNotMatch(graph.stdout.join(''), /worker/);
    const labels = await runOrderly(t, { config, args: ['complete', 'labels', '--', 'ps', '-l'] }).ended;
    assert.deepEqual(labels.stdout, ['team', 'team=work']);
  });

  test('G10 what is wrong with it is told at once, a cycle with its trail', async (t) => {
    const end = await runOrderly(t, {
      config: `services:
  a: { command: x, extends: wroker }
  b: { extends: c }
  c: { extends: b }
  worker: { command: x, stop: { grace: 5 } }
  d: { extends: worker }
`,
      args: ['up'],
    }).ended;
    assert.equal(end.status, 2);
    assert.deepEqual(
      placed(end).map((line) => line.replace(/ must be.*/, '')),
      [
        'supervisor.yaml:2:29: "a" cannot extend "wroker": there is no service of that name',
        'supervisor.yaml:3:17: These services extend each other: b -> c -> b',
        'supervisor.yaml:5:40: "stop.grace" of service "worker"',
      ],
    );
    assert.ok(end.stderr.includes('  Did you mean "worker"?'));
    assert.ok(end.stderr.includes('  supervisor.yaml:4:17: "c" extends "b"'), end.stderr.join('\n'));
  });

  test('a reload changes all that take over what was changed', async (t) => {
    const text = (word: string) =>
      `services:\n  a: { command: "echo ${word}; exec sleep 1000" }\n  b: { extends: a }\n  c: { extends: b, command: exec sleep 1000 }\n`;
    const run = runOrderly(t, { config: text('one') });
    for (const service of ['a', 'b', 'c']) await run.event('service.ready', { service });
    writeFileSync(join(run.folder, 'supervisor.yaml'), text('two'));
    assert.deepEqual((await ask(t, run, 'reload')).stdout.toSorted(), ['a: changed', 'b: changed']);
    await ask(t, run, 'down');
    await run.ended;
  });
});

suite('services that extend one of another file', { concurrency: 4, timeout: 60_000 }, () => {
  const config = `
services:
  mails: { extends: { file: lib/common.yaml, service: worker }, env: { QUEUE: mails } }
  db: { type: task, command: echo db }
`;
  const common = `
services:
  worker: { type: task, command: 'echo "$QUEUE $SIZE"', env_file: size.env, depends_on: [db], labels: { team: work } }
  db: { command: never run }
`;
  const files = { 'lib/common.yaml': common, 'lib/size.env': 'SIZE=large\n' };

  test('each runs with what it took over; of that file nothing else runs, and check lists it', async (t) => {
    const end = await runOrderly(t, { config, files, args: ['up'] }).ended;
    assert.equal(end.status, 0, end.stderr.join('\n'));
    assert.deepEqual(end.stdout, ['db    | db', 'mails | mails large']);
    const checked = await runOrderly(t, { config, files, args: ['check'] }).ended;
    assert.match(checked.stdout.join('\n'), /^files\n {2}supervisor\.yaml\n {2}lib\/common\.yaml$/m);
    const labels = await runOrderly(t, { config, files, args: ['complete', 'labels', '--', 'ps', '-l'] })
      .ended;
    assert.deepEqual(labels.stdout, ['team', 'team=work']);
  });

  test('G10 a dependency that is nobody here is told at its place, with what to do', async (t) => {
    const alone = config.replace(/ {2}db.*\n/, '');
    const end = await runOrderly(t, { config: alone, files, args: ['up'] }).ended;
    assert.equal(end.status, 2);
    assert.deepEqual(placed(end), [
      'lib/common.yaml:3:77: "mails" cannot depend on "db": there is no service of that name',
    ]);
    assert.match(
      end.stderr.at(-1) ?? '',
      /^ {2}"mails" takes it over from "worker" of "common\.yaml": add a service "db" here, or /,
    );
  });

  test('nothing is written over that file', async (t) => {
    const over = await runOrderly(t, { config, files, args: ['up', '--record', 'lib/common.yaml'] }).ended;
    assert.equal(over.status, 2);
    assert.match(over.stderr.join('\n'), /common\.yaml": that file is read for the configuration/);
  });

  test('a reload reads it again', async (t) => {
    const text = (word: string) => `services: { a: { command: "echo ${word}; exec sleep 1000" } }\n`;
    const run = runOrderly(t, {
      config: 'services: { a: { extends: { file: lib.yaml, service: a } } }\n',
      files: { 'lib.yaml': text('one') },
    });
    await run.event('service.ready', { service: 'a' });
    const write = (one: string) => writeFileSync(join(run.folder, 'lib.yaml'), one);
    write('services: {}\n');
    const refused = await ask(t, run, 'reload');
    assert.equal(refused.status, 2);
    assert.match(refused.stderr.join('\n'), /"a" cannot extend "a" of "lib\.yaml": it has no services/);
    write(text('two'));
    assert.deepEqual((await ask(t, run, 'reload')).stdout, ['a: changed']);
    await ask(t, run, 'down');
    await run.ended;
  });
});

suite('an override', { concurrency: 2, timeout: 60_000 }, () => {
  test('is read again by a reload; a run is found and not touched when it can not be read any more', async (t) => {
    const run = runOrderly(t, { config: 'services: { a: { command: "echo one; exec sleep 1000" } }\n' });
    await run.event('service.ready', { service: 'a' });
    const override = join(run.folder, 'supervisor.override.yaml');
    writeFileSync(override, 'services: { a: { command: "echo two; exec sleep 1000" } }\n');
    assert.deepEqual((await ask(t, run, 'reload')).stdout, ['a: changed']);
    rmSync(override);
    mkdirSync(override);
    const refused = await ask(t, run, 'reload');
    assert.equal(refused.status, 2);
    assert.match(refused.stderr.join('\n'), /override\.yaml", which is taken by itself .*: it is a folder/);
    assert.equal(await stateOf(t, run), 'a ready#2');
    await ask(t, run, 'down');
    await run.ended;
  });
});

/** The lines that begin with a place. */
function placed({ stderr }: OrderlyEnd): readonly string[] {
  return stderr.filter((line) => /^\S+\.yaml:\d+:\d+: /.test(line));
}
