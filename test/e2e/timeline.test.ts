/**
 * `orderly timeline` on records of real runs.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { exampleFolder } from '../support/example-folder.ts';
import { examplePath } from '../support/example-path.ts';
import { freePorts } from '../support/free-port.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import { type OrderlyEnd, runOrderly } from '../support/run-orderly.ts';
import { xmlProblem } from '../support/xml-problems.ts';

const config = `
name: pair
services:
  db: { command: 'echo up; exec sleep 1000', ready: { log: up } }
  api: { command: [sleep, "1000"], depends_on: [db] }
`;

async function record(t: TestContext): Promise<string> {
  const folder = exampleFolder(t);
  const file = join(folder, 'run.jsonl');
  const run = runOrderly(t, { config, args: ['up', '--output', 'json', '--record', file] });
  await run.event('service.ready', { service: 'api' });
  run.signal('SIGTERM');
  assert.equal((await run.ended).status, 143);
  return file;
}

const timeline = (t: TestContext, ...args: readonly string[]): Promise<OrderlyEnd> =>
  runOrderly(t, { args: ['timeline', ...args] }).ended;

suite('timeline', { concurrency: 4, timeout: 60_000 }, () => {
  test('draws a record as text, as wide as wanted, with both critical paths', async (t) => {
    const file = await record(t);
    const end = await timeline(t, file, '--width', '90');
    assert.equal(end.status, 0);
    assert.deepEqual(end.stderr, []);
    const said = end.stdout.join('\n');
    assert.match(said, /^pair: 2 services, ready after .*,\sstatus 143$/m);
    assert.match(said, /^db .*█.* ready after/m);
    assert.match(said, /^Start-up: .* until api was ready$/m);
    assert.match(said, /^Shutdown: /m);
    assert.match(said, /▼ SIGTERM|SIGTERM ▼/);
    assert.ok(end.stdout.every((line) => [...line].length <= 90 && !line.includes('\u001b')));
  });

  test('COLUMNS is the width, within reason; colours can be asked for', async (t) => {
    const file = await record(t);
    const widest = async (env: Record<string, string>) => {
      const { stdout } = await runOrderly(t, { args: ['timeline', file], env }).ended;
      return Math.max(...stdout.map((line) => [...line].length));
    };
    assert.ok((await widest({ COLUMNS: '120' })) > (await widest({})));
    assert.ok((await widest({ COLUMNS: '5' })) > 40);
    const { stdout } = await runOrderly(t, { args: ['timeline', file], env: { FORCE_COLOR: '1' } }).ended;
    assert.ok(stdout.some((line) => line.includes('\u001b[32m')));
  });

  test('writes a picture or a page to a file, as its name says', async (t) => {
    const file = await record(t);
    for (const [name, args, beginning] of [
      ['run.svg', [], '<svg '],
      ['run.html', [], '<!doctype html>'],
      ['run', ['--format', 'svg'], '<svg '],
      ['run.txt', [], 'pair: '],
    ] as const) {
      const out = join(dirname(file), name);
      const end = await timeline(t, file, ...args, '-o', out);
      assert.deepEqual([end.status, end.stdout, end.stderr], [0, [], []]);
      const text = readFileSync(out, 'utf8');
      assert.ok(text.startsWith(beginning));
      if (beginning === '<svg ') assert.equal(xmlProblem(text), undefined);
    }
  });

  test('reads stdin, and JSON output with lines of services in it', async (t) => {
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'api' });
    run.signal('SIGTERM');
    const { stdout } = await run.ended;
    assert.ok(stdout.some((line) => line.includes('"type":"log"')));
    const input = `${stdout.join('\n')}\n`;
    const { status, stdout: drawn } = spawnSync(process.execPath, [orderlyBin, 'timeline', '-'], { input });
    assert.equal(status, 0);
    assert.match(String(drawn), /^pair: 2 services/);
  });

  test('draws a record that was cut in its last line as far as it goes, and says so', async (t) => {
    const file = await record(t);
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.slice(0, -10));
    const end = await timeline(t, file);
    assert.equal(end.status, 0);
    const lines = whole.split('\n').length - 1;
    assert.equal(end.stderr.length, 1);
    assert.match(end.stderr[0]!, new RegExp(`^orderly: .*run\\.jsonl:${lines}: the last line is cut off`));
    assert.match(end.stdout.join(' '), /the record ends before the run does/);
  });

  test('the path of the start-up leads to the service that is asked for', async (t) => {
    const file = await record(t);
    const end = await timeline(t, file, '--to', 'db');
    assert.match(end.stdout.join('\n'), /until db was ready/);
    const unknown = await timeline(t, file, '--to', 'dbb');
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr[0]!, /No service "dbb" is in ".*"; it has db, api/);
  });

  for (const [name, text, sentence] of [
    ['a file that is not there', undefined, /^orderly: Cannot read the record ".*": there is no such file$/],
    [
      'another file',
      'services: {}\n',
      /bad\.jsonl:1: not the record of a run: it is not JSON; orderly up --record/,
    ],
    ['an empty file', '', /bad\.jsonl:1: not the record of a run: there is no event/],
  ] as const) {
    test(`${name} is a sentence and status 2`, async (t) => {
      const file = join(exampleFolder(t), 'bad.jsonl');
      if (text !== undefined) writeFileSync(file, text);
      const end = await timeline(t, file);
      assert.deepEqual([end.status, end.stdout.length, end.stderr.length], [2, 0, 1]);
      assert.match(end.stderr[0]!, sentence);
    });
  }

  test('the record itself is not written over', async (t) => {
    const file = await record(t);
    const before = readFileSync(file, 'utf8');
    const end = await timeline(t, file, '-o', file);
    assert.equal(end.status, 2);
    assert.match(end.stderr[0]!, /that is the record itself; name another file$/);
    assert.equal(readFileSync(file, 'utf8'), before);
  });

  test('what it cannot draw is refused, and not written as something else', async (t) => {
    const file = await record(t);
    const out = join(dirname(file), 'run.png');
    const end = await timeline(t, file, '-o', out);
    assert.equal(end.status, 2);
    assert.match(
      end.stderr[0]!,
      /^orderly: Cannot draw ".*run\.png": it ends neither in \.svg, \.html nor \.txt; /,
    );
    assert.ok(!existsSync(out));
    assert.equal((await timeline(t, file, '--format', 'svg', '-o', out)).status, 0);
  });

  test('an output that cannot be written is a sentence and status 2', async (t) => {
    const file = await record(t);
    const end = await timeline(t, file, '-o', '/nowhere/run.svg');
    assert.equal(end.status, 2);
    assert.match(end.stderr[0]!, /^orderly: Cannot write to "\/nowhere\/run\.svg": there is no such file$/);
  });

  test('nothing of it is loaded by who runs services', () => {
    const dist = join(repositoryRoot(), 'dist');
    const own = /criticalhead|prefers-color-scheme/;
    assert.match(readFileSync(join(dist, 'timeline.cjs'), 'utf8'), own);
    assert.doesNotMatch(readFileSync(join(dist, 'orderly.cjs'), 'utf8'), own);
  });

  test('a fresh run of an example is drawn in every format', async (t) => {
    const folder = exampleFolder(t);
    const file = join(folder, 'run.jsonl');
    const run = runOrderly(t, {
      args: ['up', '-f', examplePath('shop/supervisor.yaml'), '--output', 'json', '--record', file],
      env: { ...(await freePorts('SHOP_STORE_PORT')), SHOP_DATA: folder },
    });
    await run.event('service.ready', { service: 'customer' });
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
    const [text, svg, html] = await Promise.all(
      ['text', 'svg', 'html'].map(async (format) => {
        const end = await timeline(t, file, '--format', format);
        assert.deepEqual([end.status, end.stderr], [0, []]);
        return end.stdout.join('\n');
      }),
    );
    assert.match(text!, /until customer was ready/);
    assert.equal(xmlProblem(svg!), undefined);
    for (const service of ['store', 'migrate', 'api', 'shipping', 'mailer', 'customer']) {
      assert.ok(html!.includes(`<td>${service}</td>`), service);
    }
  });
});

const SHORT =
  'services: { a: { type: task, command: "true" }, b: { type: task, command: "true", depends_on: [a] } }';

/** Runs it to its end in a folder of its own, with its state in another one. */
async function kept(t: TestContext, ...args: readonly string[]) {
  const state = join(exampleFolder(t), 'state');
  const env = { XDG_STATE_HOME: state };
  const run = runOrderly(t, { config: SHORT, env, args: ['up', ...args] });
  const end = await run.ended;
  assert.equal(end.status, 0);
  const again = (...words: readonly string[]): Promise<OrderlyEnd> =>
    runOrderly(t, { cwd: run.folder, env, args: words }).ended;
  return { folder: run.folder, state, env, end, again };
}

suite('timeline without a file', { concurrency: 4, timeout: 60_000 }, () => {
  test('draws the last run of the project, from any folder in it, and says which that is', async (t) => {
    const { folder, state, again } = await kept(t);
    const end = await again('timeline');
    assert.equal(end.status, 0);
    assert.match(end.stdout.join('\n'), /^b .* completed (?:after|at once)/m);
    const [project = ''] = readdirSync(join(state, 'orderly'));
    const path = join(state, 'orderly', project, 'last.jsonl');
    const moment = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`;
    assert.equal(end.stderr.length, 1);
    assert.match(
      end.stderr[0]!,
      new RegExp(`^orderly: the last run of ".*/supervisor.yaml", of ${moment}: ${path}$`),
    );
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
    mkdirSync(join(folder, 'below'));
    const env = { XDG_STATE_HOME: state };
    const below = await runOrderly(t, { cwd: join(folder, 'below'), env, args: ['timeline'] }).ended;
    assert.deepEqual(below.stdout, end.stdout);
    const out = await again('timeline', '-o', path);
    assert.match(out.stderr[0]!, /that is the record itself/);
  });

  test('draws a run that goes on; its events are those of the record that was asked for', async (t) => {
    const env = { XDG_STATE_HOME: join(exampleFolder(t), 'state') };
    const run = runOrderly(t, { config, env, args: ['up', '--output', 'json', '--record', 'run.jsonl'] });
    await run.event('service.ready', { service: 'api' });
    let drawn: OrderlyEnd;
    do drawn = await runOrderly(t, { cwd: run.folder, env, args: ['timeline'] }).ended;
    while (!/^pair: 2 services, ready after/.test(drawn.stdout[0] ?? ''));
    assert.match(drawn.stdout.join(' '), /the record ends before the run does/);
    run.signal('SIGTERM');
    await run.ended;
    const [project = ''] = readdirSync(join(env.XDG_STATE_HOME, 'orderly'));
    const last = readFileSync(join(env.XDG_STATE_HOME, 'orderly', project, 'last.jsonl'), 'utf8');
    assert.equal(last, readFileSync(join(run.folder, 'run.jsonl'), 'utf8'));
  });

  test('the run before is kept too; what is not to be kept changes neither', async (t) => {
    const { state, again } = await kept(t);
    const [project = ''] = readdirSync(join(state, 'orderly'));
    const folder = join(state, 'orderly', project);
    const first = readFileSync(join(folder, 'last.jsonl'), 'utf8');
    await again('up');
    assert.equal(readFileSync(join(folder, 'previous.jsonl'), 'utf8'), first);
    const second = readFileSync(join(folder, 'last.jsonl'), 'utf8');
    assert.notEqual(second, first);
    assert.equal((await again('up', '--no-keep')).status, 0);
    assert.equal(readFileSync(join(folder, 'last.jsonl'), 'utf8'), second);
  });

  test('a name, a file, and commands without a file have their own', async (t) => {
    const { again } = await kept(t, '--project', 'mine');
    assert.equal((await again('timeline')).status, 2);
    assert.match((await again('timeline', '--project', 'mine')).stderr[0]!, /the last run of "mine"/);
    await again('all', '-n', 'one', 'true');
    const ofAll = await again('timeline');
    assert.match(ofAll.stdout.join('\n'), /^one /m);
    const unread = await again('timeline', '-f', 'gone.yaml');
    assert.equal(unread.status, 2);
    assert.match(
      unread.stderr.join(),
      /^orderly: Cannot find the record of the last run: Cannot read .*gone\.yaml/,
    );
  });

  for (const [name, env] of [
    ['a home that is not there', { HOME: '/nowhere/me', XDG_STATE_HOME: undefined }],
    ['nobody who says where', { HOME: undefined, XDG_STATE_HOME: undefined }],
    ['a place that cannot be written', { XDG_STATE_HOME: '/proc/state' }],
  ] as const)
    test(`with ${name} a run says nothing and keeps nothing, and the way is told`, async (t) => {
      const run = runOrderly(t, { config: SHORT, env, args: ['up'] });
      const { status, stderr } = await run.ended;
      assert.equal(status, 0);
      assert.ok(!stderr.some((line) => /record|state|kept/.test(line)), stderr.join('\n'));
      assert.ok(!existsSync('/nowhere'));
      const end = await runOrderly(t, { cwd: run.folder, env, args: ['timeline'] }).ended;
      assert.deepEqual([end.status, end.stderr.length], [2, 1]);
      assert.match(end.stderr[0]!, /^orderly: Cannot .*last run.*orderly timeline RUN\.jsonl$/);
    });
});
