/**
 * The commands that start nothing: check, graph, schema, help, and what is no command at all.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { runOrderly } from '../support/run-orderly.ts';

const okThree = `
name: shop
shutdown: { budget: 28s }
services:
  db: { command: [sleep, "1000"], ready: { tcp: 5432 }, stop: { grace: 20s } }
  api: { command: [sleep, "1000"], depends_on: [db], stop: { grace: 20s } }
  migrate: { type: task, command: ['true'], depends_on: [db] }
`;

suite('check', { concurrency: 4, timeout: 20_000 }, () => {
  test('shows waves, stop order, worst cases and scaled graces, and starts nothing', async (t) => {
    const end = await runOrderly(t, { config: okThree, args: ['check'] }).ended;
    assert.equal(end.status, 0);
    const said = end.stdout.join('\n');
    assert.match(said, /shop: 3 services/);
    assert.match(said, /start\n {2}1\. db\n {2}2\. (api, migrate|migrate, api)\n/);
    assert.match(said, /stop\n {2}1\. (api, migrate|migrate, api)\n {2}2\. db\n/);
    assert.match(said, /shutdown\.budget 28 s: at worst 40\.5 s/);
    assert.match(said, /db is guaranteed 13\.\d s of its grace of 20 s/);
    assert.match(said, /interrupt_grace 2 s/);
  });

  for (const [name, env, text] of [
    [
      'a container behind an init',
      { container: 'podman' },
      /\bshutdown\.budget 9 s:.*taken for a container: the/s,
    ],
    ['Nomad', { NOMAD_ALLOC_ID: 'x' }, /\bshutdown\.budget 4\.5 s:.*taken for Nomad: NOMAD_ALLOC_ID is set/s],
    ['Fly', { FLY_APP_NAME: 'x' }, /\bshutdown\.budget 4\.5 s:.*taken for Fly: FLY_APP_NAME is set/s],
  ] as const) {
    test(`surroundings: check and doctor name ${name}, why, and the budget`, async (t) => {
      const config = okThree.replace(/shutdown: .*\n/, '');
      const checked = await runOrderly(t, { config, args: ['check'], env }).ended;
      const told = checked.stdout.join('\n');
      assert.match(told, text);
      const [line = ''] = /taken for .*/.exec(told) ?? [];
      const doctor = await runOrderly(t, { args: ['doctor'], env }).ended;
      assert.ok(doctor.stdout.some((each) => /^surroundings +ok +/.test(each) && each.endsWith(line)));
    });
  }

  test('--budget is the budget it reckons with', async (t) => {
    const end = await runOrderly(t, { config: okThree, args: ['check', '--budget', '1m'] }).ended;
    assert.equal(end.status, 0);
    assert.match(end.stdout.join('\n'), /--budget 1 m/);
    assert.doesNotMatch(end.stdout.join('\n'), /is guaranteed/);
  });

  for (const [name, keys, sentence] of [
    ['a program', 'command: [no-such-program-here]', /warning: .*"no-such-program-here" is not on the PATH/],
    ['a program in a text', 'command: no-such-program-here --now', /warning: .*no-such-program-here/],
    ['a folder', "command: ['true'], cwd: nowhere", /warning: .*nowhere" does not exist/],
  ] as const) {
    test(`warns of ${name} that is not there, with its place`, async (t) => {
      const end = await runOrderly(t, { config: `services: { a: { ${keys} } }`, args: ['check'] }).ended;
      assert.equal(end.status, 0);
      assert.match(end.stderr.join('\n'), /^supervisor\.yaml:1:\d+: /);
      assert.match(end.stderr.join('\n'), sentence);
      assert.doesNotMatch(end.stdout.join('\n'), /nothing wrong/);
    });
  }

  test('G10: a wrong configuration is status 2', async (t) => {
    const end = await runOrderly(t, { config: 'services: { a: {} }', args: ['check'] }).ended;
    assert.deepEqual([end.status, end.stdout], [2, []]);
  });
});

suite('graph', { concurrency: 4, timeout: 20_000 }, () => {
  const formats: Readonly<Record<string, readonly RegExp[]>> = {
    tree: [/^api$/m, /─ db$/m],
    mermaid: [/^flowchart /, /\["db"\]/, /-->/],
    dot: [/^digraph .*\{/, /"api" -> "db";/, /\}$/],
  };
  for (const [format, patterns] of Object.entries(formats)) {
    test(`--format ${format} shows every service and edge`, async (t) => {
      const end = await runOrderly(t, { config: okThree, args: ['graph', '--format', format] }).ended;
      assert.deepEqual([end.status, end.stderr], [0, []]);
      for (const pattern of patterns) assert.match(end.stdout.join('\n'), pattern);
      for (const name of ['db', 'api', 'migrate']) assert.match(end.stdout.join('\n'), new RegExp(name));
    });
  }

  test('--format json is JSON with services, their edges and the waves', async (t) => {
    const end = await runOrderly(t, { config: okThree, args: ['graph', '--format', 'json'] }).ended;
    const { services, start_waves, stop_waves } = JSON.parse(end.stdout.join('\n'));
    assert.deepEqual(
      services.map(({ name }: { name: string }) => name),
      ['db', 'api', 'migrate'],
    );
    assert.deepEqual([start_waves[0], stop_waves[1]], [['db'], ['db']]);
    assert.equal(services[1].depends_on[0].service, 'db');
  });

  test('the tree is the default, and a name shows that service with what it needs', async (t) => {
    const end = await runOrderly(t, { config: okThree, args: ['graph', 'api'] }).ended;
    assert.deepEqual([end.status, end.stdout], [0, ['api', '└─ db']]);
  });
});

suite('usage', { concurrency: 4, timeout: 20_000 }, () => {
  test('schema prints a JSON Schema that says which', async (t) => {
    const end = await runOrderly(t, { args: ['schema'] }).ended;
    assert.equal(end.status, 0);
    const schema = JSON.parse(end.stdout.join('\n'));
    assert.match(schema.$schema, /^https?:\/\/json-schema\.org\//);
    assert.ok('services' in schema.properties);
  });

  for (const [args, sentence] of [
    [['upp'], /unknown command 'upp'/],
    [['up', '--budgte', '3s'], /unknown option '--budgte'/],
    [['up', '--budget', '3'], /500ms, 3s or 1m30s/],
    [['up', '--max-starting', '0'], /whole number from 1/],
    [['up', '--output', 'xml'], /text, json/],
    [['up', '-f'], /-f, --file/],
    [['up', 'nobody'], /"nobody"/],
    [['up', '--record', '/no/such/folder/run.jsonl'], /Cannot record to "\/no\/such\/folder\/run\.jsonl"/],
    [['graph', '--format', 'png'], /tree, mermaid, dot, json/],
    [[], /Usage: orderly/],
  ] as const) {
    test(`G8 G10: "orderly ${args.join(' ')}" is a sentence on stderr and status 2`, async (t) => {
      const end = await runOrderly(t, { config: okThree, args }).ended;
      assert.deepEqual([end.status, end.stdout], [2, []]);
      assert.match(end.stderr.join('\n'), sentence);
    });
  }

  test('G10: a working directory that is gone is a sentence and status 2', async (t) => {
    const inside = ['sh', '-c', 'mkdir gone && cd gone && rmdir ../gone && exec "$@"', 'sh'];
    const end = await runOrderly(t, { config: okThree, inside, args: ['up'] }).ended;
    assert.equal(end.status, 2, end.stderr.join('\n'));
    assert.doesNotMatch(end.stderr.join('\n'), / at .*\.c?js:\d+/);
  });

  test('--help and --version are what was asked for: stdout and status 0', async (t) => {
    const help = await runOrderly(t, { args: ['--help'] }).ended;
    assert.equal(help.status, 0);
    assert.match(help.stdout.join('\n'), /^Usage: orderly/);
    const version = await runOrderly(t, { args: ['--version'] }).ended;
    assert.deepEqual([version.status, version.stderr], [0, []]);
    assert.match(version.stdout.join('\n'), /^\d+\.\d+\.\d+$/);
  });
});
