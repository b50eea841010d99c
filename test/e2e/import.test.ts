/**
 * `orderly import` and `orderly init` with files as people have them: what is written runs, what is lost is told, and nothing that is
 * there is changed.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { repositoryRoot } from '../support/repository-root.ts';
import { type OrderlyOptions, type OrderlyRun, runOrderly } from '../support/run-orderly.ts';

const fixture = (name: string): string =>
  readFileSync(join(repositoryRoot(), 'test/unit/importers', name), 'utf8');

async function orderly(t: TestContext, args: readonly string[], options: OrderlyOptions = {}) {
  const run = runOrderly(t, { ...options, args });
  const end = await run.ended;
  const read = (name: string): string => readFileSync(join(options.cwd ?? run.folder, name), 'utf8');
  return { ...end, folder: run.folder, read, out: end.stdout.join('\n'), err: end.stderr.join('\n') };
}

/** Imports a file, and runs what was written. */
async function importAndRun(
  t: TestContext,
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<OrderlyRun & { err: string }> {
  const { status, folder, read, err, out } = await orderly(t, ['import', name], { files });
  assert.equal(status, 0, err);
  assert.match(out, /^took .* for .*\nwrote supervisor\.yaml: /);
  writeFileSync(join(folder, 'supervisor.yaml'), read('supervisor.yaml'));
  const run = runOrderly(t, { cwd: folder, args: ['up', '--output', 'json'] });
  return { ...run, err };
}

async function stop(run: OrderlyRun): Promise<void> {
  run.signal('SIGTERM');
  assert.equal((await run.ended).status, 143);
}

suite('import', { concurrency: 3, timeout: 90_000 }, () => {
  test('a compose file of version 2: a queue, a task, a worker', async (t) => {
    const run = await importAndRun(t, 'docker-compose.yml', {
      'docker-compose.yml': fixture('compose/workers.yml'),
      'queue.sh': 'mkdir -p $SPOOL; touch $SPOOL/ready; exec sleep 1000',
      'worker.sh': 'cat spool/seed; echo "$BROKER_URL for $PRICE"; exec sleep 1000',
    });
    await run.event('service.completed', { service: 'seed' });
    await run.event((event) => event.type === 'log' && event.text === 'seeding 3 into .');
    await run.event((event) => event.type === 'log' && event.text === 'tcp://127.0.0.1:7070/jobs for $5');
    await run.event('service.ready', { service: 'worker' });
    assert.match(run.err, /^docker-compose\.yml:36:5: warning: "cpu_shares" of "worker" is left out/m);
    await stop(run);
  });

  test('a process-compose file: what is ready by a line, by a probe, and a seed between them', async (t) => {
    const files = { 'process-compose.yaml': fixture('process-compose/stack.yaml') };
    const run = await importAndRun(t, 'process-compose.yaml', files);
    await run.event((event) => event.type === 'log' && event.text === 'seeded-dev');
    await run.event('service.ready', { service: 'api' });
    const order = run.events.flatMap((event) => (event.type === 'service.ready' ? [event.service] : []));
    assert.deepEqual(order, ['store', 'api']);
    await stop(run);
  });

  test('a Procfile: each has a port of its own', async (t) => {
    const run = await importAndRun(t, 'Procfile', { Procfile: fixture('procfile/Procfile') });
    await run.event((event) => event.type === 'log' && event.text === 'web at 5000');
    await run.event((event) => event.type === 'log' && /^working on a: b \d+$/.test(event.text));
    await stop(run);
  });

  test('a package with concurrently', async (t) => {
    const program = (name: string): string =>
      `console.log(${JSON.stringify(name)}); setInterval(() => {}, 1e6);`;
    const run = await importAndRun(t, 'package.json', {
      'package.json': fixture('package-json/package.json'),
      'web.js': program('the web'),
      'api.js': program('the api'),
      'style.sh': 'echo "the style $#"; exec sleep 1000',
    });
    for (const text of ['the web', 'the api', 'the style 0'])
      await run.event((event) => event.type === 'log' && event.text === text);
    run.signal('SIGTERM');
    await run.ended;
  });

  test('containers and test runs that can not run here are checked: nothing is wrong but what is missing', async (t) => {
    for (const [name, path] of [
      ['compose.yaml', 'compose/shop.yaml'],
      ['process-compose.yaml', 'process-compose/tests.yaml'],
    ] as const) {
      const { folder, status, read } = await orderly(t, ['import', name], {
        files: { [name]: fixture(path) },
      });
      assert.equal(status, 0);
      writeFileSync(join(folder, 'supervisor.yaml'), read('supervisor.yaml'));
      for (const each of ['api', 'web/web']) mkdirSync(join(folder, each), { recursive: true });
      const checked = await orderly(t, ['graph'], { cwd: folder });
      assert.equal(checked.status, 0, checked.err);
    }
  });

  test('it is written where it is asked for, from another folder too, and never over anything', async (t) => {
    const files = { 'deploy/compose.yaml': 'services: { a: { build: app, command: sh run.sh } }' };
    const printed = await orderly(t, ['import', 'deploy/compose.yaml', '-o', '-'], { files });
    assert.equal(printed.status, 0);
    assert.match(printed.out, /^# Made of deploy\/compose\.yaml[\s\S]*\n {4}cwd: deploy\/app\n/);
    assert.match(
      printed.err,
      /^orderly: took deploy\/compose\.yaml for a compose file\norderly: 1 thing is not as in deploy\/compose\.yaml:\ndeploy\/compose\.yaml:1:18: /,
    );
    const { folder: cwd } = printed;
    assert.ok(!existsSync(join(cwd, 'supervisor.yaml')));
    const beside = await orderly(t, ['import', 'deploy/compose.yaml', '--out', 'deploy/a.yaml'], { cwd });
    assert.match(beside.read('deploy/a.yaml'), /\n {4}cwd: app\n/);
    writeFileSync(join(cwd, 'supervisor.yml'), 'mine');
    for (const out of [[], ['-o', 'deploy/a.yaml']]) {
      const again = await orderly(t, ['import', 'deploy/compose.yaml', ...out], { cwd });
      assert.equal(again.status, 1);
      assert.match(again.err, /^orderly: Cannot write ".*": it is there already/);
    }
    assert.equal(readFileSync(join(cwd, 'supervisor.yml'), 'utf8'), 'mine');
  });

  test('bad usage is status 2, what can not be read status 1, each with a sentence', async (t) => {
    const files = {
      'ecosystem.config.js': 'process.exit(9)',
      stack: 'a sentence',
      'compose.yaml': 'services: [',
      Procfile: '\0',
    };
    const { folder: cwd } = await orderly(t, ['--version'], { files });
    for (const [args, status, pattern] of [
      [[], 2, /missing required argument 'file'/],
      [['stack', '--from', 'make'], 2, /Allowed choices are compose, process-compose, /],
      [['nothing.yaml'], 1, /^orderly: Cannot read ".*nothing\.yaml": there is no such file$/],
      [['.'], 1, /^orderly: Cannot read ".*": it is a folder$/],
      [['stack'], 1, /it is not known which format it has\n {2}Name it with --from/],
      [
        ['ecosystem.config.js'],
        1,
        /it is a program, and no program is executed to read it\n {2}Write it as JSON: node -p /,
      ],
      [['compose.yaml'], 1, /^orderly: compose\.yaml:1:\d+: /],
      [['Procfile'], 1, /^orderly: Cannot read ".*Procfile": there is a NUL character$/],
    ] as const) {
      const end = await orderly(t, ['import', ...args], { cwd });
      assert.equal(end.status, status, args.join(' '));
      assert.match(end.err, pattern);
    }
    assert.ok(!readdirSync(cwd).includes('supervisor.yaml'));
  });

  test('init takes the best of what is there, and names the rest', async (t) => {
    const files = {
      'docker-compose.yml': 'services: { db: { image: postgres } }',
      Procfile: 'web: exec sleep 1000',
      'package.json': '{"scripts":{"dev":"vite"}}',
    };
    const { status, out, read, folder } = await orderly(t, ['init'], { files });
    assert.equal(status, 0);
    assert.match(
      out,
      /^took Procfile for a Procfile\nwrote supervisor\.yaml: 1 service: web\nalso here: docker-compose\.yml; .*\nnext: /,
    );
    const first = read('supervisor.yaml');
    assert.match((await orderly(t, ['init'], { cwd: folder })).out, /is there already, and is left as it is/);
    assert.equal(readFileSync(join(folder, 'supervisor.yaml'), 'utf8'), first);
  });

  test('init goes on to the next where the best can not be read, and to a small one at last', async (t) => {
    const files = {
      'process-compose.yaml': 'processes: [',
      'compose.yaml': 'services: { db: { image: postgres } }',
    };
    const { status, out, err } = await orderly(t, ['init'], { files });
    assert.equal(status, 0);
    assert.match(out, /^took compose\.yaml for a compose file\n/);
    assert.match(err, /^orderly: process-compose\.yaml:1:\d+: [\s\S]*"db" has no command of its own/);
    const alone = await orderly(t, ['init'], { files: { 'compose.yaml': 'a: 1' } });
    assert.match(alone.out, /^wrote supervisor\.yaml: its service "app" runs: /);
  });

  test('up in a folder without a configuration points to init', async (t) => {
    const { status, err } = await orderly(t, ['up']);
    assert.equal(status, 2);
    assert.match(err, /"orderly init" /);
  });
});
