/**
 * Configurations that are wrong: everything is said at once, each with its place, and nothing is started.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { type OrderlyEnd, runOrderly } from '../support/run-orderly.ts';

/** Runs `up` on it: it must say something and start nothing. Resolves with what it said. */
async function refuse(
  t: TestContext,
  config: string | undefined,
  args: readonly string[] = ['up'],
): Promise<OrderlyEnd> {
  const run = runOrderly(t, { ...(config === undefined ? {} : { config }), args });
  const end = await run.ended;
  assert.equal(end.status, 2, end.stderr.join('\n'));
  assert.deepEqual(end.stdout, []);
  assert.ok(!existsSync(join(run.folder, 'started')), 'a service was started');
  return end;
}

/** Places, as `line:column`, of everything that is said to be wrong. */
function places({ stderr }: OrderlyEnd): readonly string[] {
  return stderr.flatMap((line) => /^supervisor\.yaml:(\d+:\d+): /.exec(line)?.[1] ?? []);
}

const failTenMistakes = `nmae: shop
shutdown: { budget: 3 }
services:
  good: { command: touch started }
  a: { comand: touch started }
  b: { command: touch started, ready: { tpc: 1 } }
  c: { command: touch started, depends_on: [nobody] }
  d: { command: 'echo \${UNSET_HERE}' }
  e: { command: touch started, restart: sometimes }
  f: { command: touch started, stop: { grace: soon } }
  g: { command: touch started, env: { A: '\${good.port}' } }
  h: { command: touch started, type: job }
`;

const mistakes: readonly (readonly [place: string, sentence: RegExp])[] = [
  ['1:1', /Unknown key "nmae"/],
  ['2:21', /"shutdown\.budget" must be/],
  ['5:8', /Unknown key "comand" in service "a"/],
  ['6:41', /Unknown key "tpc" in "ready" of service "b"/],
  ['7:32', /"c" cannot depend on "nobody"/],
  ['8:17', /the variable UNSET_HERE is not set/],
  ['9:41', /"restart" of service "e" must be/],
  ['10:47', /"stop\.grace" of service "f" must be/],
  ['11:42', /"g" does not depend on "good"/],
  ['12:38', /"type" of service "h" must be/],
];

suite('a configuration that is wrong', { concurrency: 4, timeout: 20_000 }, () => {
  test('G10: in a workflow of GitHub each is told beside its line as well', async (t) => {
    const config = 'services:\n  a: { comand: x, ready: { tpc: 1 } }\n';
    const env = { GITHUB_ACTIONS: 'true' };
    const run = runOrderly(t, { config, env, args: ['check'] });
    const { status, stderr } = await run.ended;
    assert.equal(status, 2);
    const told = stderr.filter((line) => line.startsWith('::'));
    const file = `${run.folder}/supervisor.yaml`;
    assert.deepEqual(
      told.map((line) => line.split('::')[1]),
      stderr.flatMap((line) => {
        const [, row, column] = /^supervisor\.yaml:(\d+):(\d+): /.exec(line) ?? [];
        return row === undefined ? [] : [`error file=${file},line=${row},col=${column}`];
      }),
    );
    assert.ok(told.length >= 2);
    assert.match(told[0]!, /::Unknown key "comand" in service "a"\. Did you mean "command"\?/);
  });

  test('G10: ten mistakes in one file are said at once, each with its place', async (t) => {
    const end = await refuse(t, failTenMistakes);
    const missing = mistakes.filter(
      ([place, sentence]) =>
        !end.stderr.some((line) => line.startsWith(`supervisor.yaml:${place}: `) && sentence.test(line)),
    );
    assert.deepEqual(missing, [], end.stderr.join('\n'));
    const lines = places(end).map((place) => Number(place.split(':')[0]));
    assert.deepEqual(
      lines,
      lines.toSorted((a, b) => a - b),
      'in the order of the file',
    );
  });

  test('G10: each is shown with its line and a marker, and a misspelt key with its neighbour', async (t) => {
    const { stderr } = await refuse(t, 'services:\n  a: { comand: touch started }\n');
    const at = stderr.findIndex((line) => line.startsWith('supervisor.yaml:2:8: Unknown key "comand"'));
    assert.deepEqual(stderr.slice(at + 1, at + 4), [
      '    a: { comand: touch started }',
      '         ^~~~~~',
      '  Did you mean "command"?',
    ]);
  });

  test('G10: what the graph lacks and what is not set are said at once, but not what is not to be started', async (t) => {
    const config = `services:
  a: { command: touch started, depends_on: [nobody] }
  b: { command: 'echo \${UNSET_HERE}' }
  c: { command: 'echo \${UNSET_TOO}', profiles: [later] }
`;
    assert.deepEqual(places(await refuse(t, config)), ['2:32', '3:17']);
    assert.deepEqual(places(await refuse(t, config, ['up', 'a'])), ['2:32']);
    assert.deepEqual(places(await refuse(t, config, ['up', '--profile', 'later'])), ['2:32', '3:17', '4:17']);
  });

  test('G10: what this machine lacks, and a record in the place of something else, are said at once', async (t) => {
    const config = `services: { a: { command: touch started, user: no-such-user }, b: { command: touch started, log: { file: b.log } } }`;
    const end = await refuse(t, config, ['up', '--record', 'supervisor.yaml']);
    assert.deepEqual(places(end), ['1:48']);
    assert.match(end.stderr.join('\n'), /^orderly: Cannot record to .*read for the configuration/m);
  });

  test('G10: a file that is evidently of another tool is answered with the command to type', async (t) => {
    const compose = 'services:\n  db: { image: postgres, ports: [5432] }\nvolumes: {}\n';
    for (const [name, text, called] of [
      ['docker-compose.yml', compose, 'a compose file'],
      [
        'sub/process-compose.yaml',
        'version: "0.5"\nprocesses: { a: { command: x } }\n',
        'a process-compose file',
      ],
      ['mprocs.yaml', 'procs: { a: { shell: x } }\n', 'an mprocs file'],
      ['Procfile', 'web: bundle exec "a: b\n', 'a Procfile'],
    ] as const)
      for (const args of [['up'], ['check'], ['env', 'db']]) {
        const run = runOrderly(t, { files: { [name]: text }, args: [...args, '-f', name] });
        const { status, stdout, stderr } = await run.ended;
        assert.deepEqual([status, stdout], [2, []]);
        assert.deepEqual(stderr, [
          `"${name}" looks like ${called}, not like a supervisor.yaml: "orderly import ${name}" writes one of it`,
        ]);
      }
  });

  test('G10: beside such a file all else is told as ever', async (t) => {
    const run = runOrderly(t, {
      config: 'services: { a: { comand: x } }\n',
      files: { 'my compose.yml': 'services: { db: { image: postgres } }\n' },
      args: ['up', '-f', 'supervisor.yaml', '-f', 'my compose.yml'],
    });
    const { stderr } = await run.ended;
    assert.match(stderr[0]!, /"orderly import 'my compose\.yml'" writes one of it$/);
    assert.deepEqual(
      stderr.filter((line) => /\.ya?ml:\d/.test(line)).map((line) => line.replace(/ in service.*/, '')),
      ['supervisor.yaml:1:18: Unknown key "comand"'],
    );
  });

  test('G10: a cycle is told with its whole trail', async (t) => {
    const config = `services:
  a: { command: touch started, depends_on: [b] }
  b: { command: touch started, depends_on: [c] }
  c: { command: touch started, depends_on: [a] }
`;
    const said = (await refuse(t, config)).stderr.join('\n');
    assert.match(said, /supervisor\.yaml:2:\d+: .*a -> b -> c -> a/);
    for (const place of ['2:32', '3:32', '4:32'])
      assert.ok(said.includes(`supervisor.yaml:${place}: "`), said);
  });

  const cases: Readonly<Record<string, readonly [config: string, place: string, sentence: RegExp]>> = {
    'a service that depends on itself': [
      'services: { a: { command: x, depends_on: [a] } }',
      '1:30',
      /"a" cannot depend on itself/,
    ],
    'an empty file': ['', '1:1', /empty/],
    'a file of nothing but a comment': ['# services\n', '1:1', /empty/],
    'a file without services': ['name: shop\n', '1:1', /"services"/],
    'no service in services': ['services: {}\n', '1:1', /no service/],
    'a list instead of a map': ['- a\n', '1:1', /must be/],
    'YAML that is none': ['services:\n  a: { command: x\n', '3:1', /./],
    'the same service twice': ['services:\n  a: { command: x }\n  a: { command: y }\n', '3:3', /"a"/],
    'a tab as indentation': ['services:\n\ta: { command: x }\n', '2:1', /tab/i],
    'an interpolation without its end': ['services: { a: { command: "x ${A" } }', '1:27', /\$\{A/],
    'a required variable': ['services: { a: { command: "x ${A:?set A, please}" } }', '1:27', /set A, please/],
  };
  for (const [name, [config, place, sentence]] of Object.entries(cases)) {
    test(`G10: ${name} is a sentence with its place`, async (t) => {
      const { stderr } = await refuse(t, config);
      const first = stderr.find((line) => line.startsWith('supervisor.yaml:')) ?? '';
      assert.ok(first.startsWith(`supervisor.yaml:${place}: `), `${place} wanted: ${stderr.join('\n')}`);
      assert.match(first, sentence);
    });
  }

  test('G10: no configuration at all is a sentence that says where was looked', async (t) => {
    const cwd = mkdtempSync(join(tmpdir(), 'orderly-none-'));
    t.after(() => rmSync(cwd, { recursive: true }));
    const end = await runOrderly(t, { args: ['up'], cwd }).ended;
    assert.equal(end.status, 2);
    assert.match(end.stderr.join('\n'), new RegExp(`supervisor\\.ya?ml.*"${cwd}"`));
  });

  test('G10: a file named with -f that is not there is a sentence', async (t) => {
    const { stderr } = await refuse(t, undefined, ['up', '-f', 'nothing.yaml']);
    assert.match(stderr.join('\n'), /nothing\.yaml": there is no such file/);
  });
});

suite('a configuration from several places', { concurrency: 4, timeout: 20_000 }, () => {
  const base = `
services:
  a: { type: task, command: echo base, env: { X: '1', Y: '2' }, depends_on: [b] }
  b: { type: task, command: echo b }
`;
  const over = `
services:
  a: { command: 'echo over $X $Y', env: { X: '9' }, depends_on: null }
  b: null
`;

  test('a later -f file overrides: maps merge, lists and scalars replace, null removes', async (t) => {
    const files = { 'base.yaml': base, 'over.yaml': over };
    const end = await runOrderly(t, { files, args: ['up', '-f', 'base.yaml', '-f', 'over.yaml'] }).ended;
    assert.equal(end.status, 0);
    assert.deepEqual(end.stdout, ['a | over 9 2']);
  });

  test('G10: a mistake is told in the file that made it', async (t) => {
    const files = { 'base.yaml': base, 'over.yaml': 'services:\n  a: { tpye: task }\n' };
    const end = await runOrderly(t, { files, args: ['up', '-f', 'base.yaml', '-f', 'over.yaml'] }).ended;
    assert.equal(end.status, 2);
    assert.match(end.stderr[0] ?? '', /^over\.yaml:2:8: Unknown key "tpye"/);
  });

  test('an override beside the file is taken by itself, unless -f names the files', async (t) => {
    const files = { 'supervisor.override.yaml': over };
    const end = await runOrderly(t, { config: base, files, args: ['up'] }).ended;
    assert.deepEqual([end.status, end.stdout], [0, ['a | over 9 2']], end.stderr.join('\n'));
    const named = await runOrderly(t, { config: base, files, args: ['graph', '-f', 'supervisor.yaml'] })
      .ended;
    assert.match(named.stdout.join('\n'), /\bb\b/);
    const check = await runOrderly(t, { config: base, files, args: ['check'] }).ended;
    const said = check.stdout.join('\n');
    assert.match(said, /^files\n {2}supervisor\.yaml\n {2}supervisor\.override\.yaml$/m);
  });

  test('an override that is there and can not be read, or never ends, is named at once', async (t) => {
    const inside = ['sh', '-c', 'mkfifo supervisor.override.yaml && exec "$@"', 'sh'];
    const end = await runOrderly(t, { config: base, inside, args: ['up'] }).ended;
    assert.equal(end.status, 2);
    assert.match(
      end.stderr[0] ?? '',
      /^Cannot read ".*supervisor\.override\.yaml", .*: it is no regular file$/,
    );
  });

  test('it is found in the nearest parent, whose folder is that of its services', async (t) => {
    const files = {
      'supervisor.yml': 'services: { a: { type: task, command: pwd } }',
      'below/deep/file': '',
    };
    const inside = ['sh', '-c', 'cd below/deep && exec "$@"', 'sh'];
    const run = runOrderly(t, { files, inside, args: ['up'] });
    assert.deepEqual((await run.ended).stdout, [`a | ${run.folder}`]);
  });

  test('variables come from the environment, then from .env beside the file, then from their default', async (t) => {
    const config = "services: { a: { type: task, command: 'echo ${ONE} ${TWO} ${THREE:-3} $$ONE' } }";
    const end = await runOrderly(t, {
      config,
      files: { '.env': 'ONE=file\nTWO=2\n' },
      env: { ONE: '1' },
      args: ['up'],
    }).ended;
    assert.deepEqual(end.stdout, ['a | 1 2 3 1']);
  });
});
