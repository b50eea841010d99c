/**
 * `env_from`: variables from a command, by the real program. What the command prints is given to services, and is nowhere to be read.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { ask, stateOf } from '../support/control-client.ts';
import { type OrderlyEnd, type OrderlyRun, runOrderly } from '../support/run-orderly.ts';

const SECRET = 'open-sesame-1';
const files = {
  'vault.sh': 'echo asked >> asked\ncat vault.env\n',
  'vault.env': `TOKEN=${SECRET}\nLEVEL=5\n`,
};
const asked = (run: OrderlyRun) => readFileSync(join(run.folder, 'asked'), 'utf8').split('\n').length - 1;
const wrote = ({ stdout, stderr }: Pick<OrderlyEnd, 'stdout' | 'stderr'>) =>
  [...stdout, ...stderr].join('\n');
const logOf = ({ events }: OrderlyEnd, service: string) =>
  events.flatMap((event) => (event.type === 'log' && event.service === service ? [event.text] : []));

/** It writes its secret in two parts, each read by itself: the marker file says that the first was seen. */
const inParts = `
env_from: { command: [sh, vault.sh] }
services:
  api:
    command: >-
      echo "token $TOKEN, level $LEVEL"; echo "err $TOKEN" >&2;
      printf 'cut %s' "$(echo "$TOKEN" | cut -c1-7)"; sleep 0.1; echo "$TOKEN" | cut -c8-; echo done; exec sleep 1000
    ready: { log: done }
    log: { file: api.log }
  db:
    command: 'echo "db has $TOKEN"; echo "failing for $TOKEN" >&2; exit 3'
    env: { LEVEL: own }
    restart: "no"
    on_failure: ignore
    cleanup: 'echo "cleaning $TOKEN"'
`;

suite('env_from', { concurrency: 2, timeout: 240_000 }, () => {
  test('is run once for all, and what it prints is given to services and shown nowhere', async (t) => {
    const run = runOrderly(t, {
      ...{ config: inParts, files },
      args: ['up', '--output', 'json', '--record', 'record.jsonl'],
    });
    await run.event('service.ready', { service: 'api' });
    await run.event('service.failed', { service: 'db' });
    const looks = await Promise.all([
      ask(t, run, 'logs', '--all'),
      ...[
        ask(t, run, 'logs', 'db'),
        ask(t, run, 'why', 'db'),
        ask(t, run, 'ps'),
        ask(t, run, 'ps', '--json'),
      ],
    ]);
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(asked(run), 1);
    assert.deepEqual(logOf(end, 'api').toSorted(), ['cut ***', 'done', 'err ***', 'token ***, level 5']);
    assert.deepEqual(logOf(end, 'db').toSorted(), ['cleaning ***', 'db has ***', 'failing for ***']);
    const failed = end.events.find((event) => event.type === 'service.failed');
    assert.ok(failed?.type === 'service.failed' && failed.output.includes('failing for ***'));
    assert.match(looks[1]?.stdout.join('\n') ?? '', /failing for \*\*\*/);
    const texts = [
      wrote(end),
      ...looks.map(wrote),
      ...['api.log', 'record.jsonl'].map((file) => readFileSync(join(run.folder, file), 'utf8')),
    ];
    for (const text of texts) assert.ok(!text.includes(SECRET), text);
    assert.match(readFileSync(join(run.folder, 'api.log'), 'utf8'), /^cut \*\*\*$/m);
  });

  test('is masked in text, on both sides of the report of a failure', async (t) => {
    const config = `
env_from: { command: [sh, vault.sh] }
services:
  api: { command: 'echo "using $TOKEN"; exit 3', restart: "no" }
`;
    const end = await runOrderly(t, { config, files, args: ['up'] }).ended;
    assert.equal(end.status, 1);
    assert.ok(end.stdout.includes('api | using ***'));
    assert.ok(!wrote(end).includes(SECRET), wrote(end));
    assert.ok(
      end.stderr.some((line) => line.includes('using ***')),
      wrote(end),
    );
  });

  const WRONG: readonly (readonly [script: string, told: RegExp, within?: string])[] = [
    [
      'echo sign in first >&2; exit 3',
      /^supervisor\.yaml:1:11: Cannot get variables from "sh vault\.sh": it exited with code 3; it wrote last: sign in first/m,
    ],
    [
      'echo A=1; echo open-sesame-1',
      /^supervisor\.yaml:1:11: Cannot read line 2 of what "sh vault\.sh" printed: it is not KEY=VALUE/m,
    ],
    [
      'exec yes A=open-sesame-1',
      /^supervisor\.yaml:1:11: Cannot get variables from "sh vault\.sh": it printed more than 1 MiB, and was killed/m,
    ],
    ['setsid sleep 1000 & exit 4', /exited with code 4/],
    ['exec cat /dev/zero >&2', /did not end within 300 ms, and was killed/, '300ms'],
    ['sleep 1000 & wait', /it did not end within 300 ms, and was killed/, '300ms'],
  ];
  for (const [script, told, within = '100s'] of WRONG)
    test(`that does "${script}" is one sentence, and nothing is started`, async (t) => {
      const config = `env_from: { command: [sh, vault.sh], within: ${within} }\nservices: { a: { command: "echo x > ran" } }\n`;
      const args = ['up', '--output', 'json', '--record', 'record.jsonl'];
      const run = runOrderly(t, { config, files: { 'vault.sh': script, 'record.jsonl': 'of old' }, args });
      const end = await run.ended;
      assert.equal(end.status, 2);
      assert.match(end.stderr.join('\n'), told);
      assert.ok(!wrote(end).includes('sesame'), wrote(end));
      assert.deepEqual(end.stdout, []);
      assert.ok(!existsSync(join(run.folder, 'ran')));
      assert.equal(readFileSync(join(run.folder, 'record.jsonl'), 'utf8'), 'of old');
    });

  test('that is not there is told with its place', async (t) => {
    const config = 'services:\n  a: { command: x, env_from: { command: [no-such-vault] } }\n';
    const end = await runOrderly(t, { config, args: ['up'] }).ended;
    assert.equal(end.status, 2);
    assert.match(
      wrote(end),
      /^supervisor\.yaml:2:30: Cannot get variables from "no-such-vault": "no-such-vault" is not on the PATH/m,
    );
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    test(`is ended by ${signal} while it runs, with all that it started`, async (t) => {
      const config =
        'env_from: { command: "echo unlocking >&2; sleep 1000 & wait" }\nservices: { a: { command: x } }\n';
      const run = runOrderly(t, { config, args: ['up'] });
      await run.line(/unlocking$/);
      run.signal(signal);
      const end = await run.ended;
      assert.equal(end.signal, signal);
      assert.deepEqual(end.stdout, []);
    });

  test('is run for what is started alone, and for the others when they are', async (t) => {
    const config = `
services:
  a: { command: exec sleep 1000 }
  b: { command: 'echo "b has $TOKEN"; exec sleep 1000', env_from: { command: [sh, vault.sh] }, profiles: [more] }
`;
    const run = runOrderly(t, { config, files });
    await run.event('service.ready', { service: 'a' });
    assert.ok(!existsSync(join(run.folder, 'asked')));
    const started = await ask(t, run, 'start', 'b');
    assert.deepEqual([started.status, started.stdout], [0, ['b: started']]);
    assert.equal((await ask(t, run, 'restart', 'b')).status, 0);
    assert.equal(asked(run), 1);
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.deepEqual(logOf(end, 'b'), ['b has ***', 'b has ***']);
  });

  test('is run again by a reload: what it prints otherwise is a change, and its failure changes nothing', async (t) => {
    const config = `
services:
  a: { command: 'echo "a has $TOKEN, $LEVEL"; exec sleep 1000', env_from: { command: [sh, vault.sh] } }
  b: { command: exec sleep 1000 }
`;
    const run = runOrderly(t, { config, files });
    await run.event('service.ready', { service: 'a' });
    await run.event('service.ready', { service: 'b' });
    const reload = async () => ask(t, run, 'reload');
    const write = (text: string) => writeFileSync(join(run.folder, 'vault.env'), text);
    assert.deepEqual((await reload()).stdout, ['nothing to do: it is so already']);
    write('TOKEN=another-word\nLEVEL=6\n');
    assert.deepEqual((await reload()).stdout, ['a: changed']);
    assert.equal(await stateOf(t, run), 'a ready#2, b ready#1');
    write('garbage');
    const wrong = await reload();
    assert.notEqual(wrong.status, 0);
    assert.match(wrote(wrong), /Cannot read line 1 of what "sh vault\.sh" printed/);
    assert.equal(await stateOf(t, run), 'a ready#2, b ready#1');
    assert.equal(asked(run), 4);
    run.signal('SIGTERM');
    assert.deepEqual(logOf(await run.ended, 'a'), ['a has ***, 5', 'a has ***, 6']);
  });

  test('that a reload waits for is ended when everything goes down', async (t) => {
    const config = 'services: { a: { command: exec sleep 1000 } }\n';
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'a' });
    const changed = `env_from: { command: "echo unlocking >&2; sleep 1000 & wait", within: 100s }\n${config}`;
    writeFileSync(join(run.folder, 'supervisor.yaml'), changed);
    const reload = ask(t, run, 'reload');
    await run.event((event) => event.type === 'run.note' && event.text.endsWith(': unlocking'));
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
    assert.notEqual((await reload).status, 0);
  });

  test('of several lines is masked line by line', async (t) => {
    const config = `
env_from: { command: [sh, vault.sh] }
services:
  a: { command: 'echo "$KEY"; echo up; exec sleep 1000', ready: { log: up } }
`;
    const key = 'KEY="-----BEGIN-----\nMIIEopen-sesame\n-----END-----"\n';
    const more = { ...files, 'vault.env': key };
    const run = runOrderly(t, { config, files: more, args: ['up'] });
    await run.line(/^a \| up$/);
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.deepEqual(end.stdout, ['a | ***', 'a | ***', 'a | ***', 'a | up']);
  });

  test('is given to the service of "orderly run", and conditions read lines as they are', async (t) => {
    const config = `
env_from: { command: [sh, vault.sh] }
services:
  db: { command: 'echo "db has $TOKEN"; exec sleep 1000', ready: { log: "has (?<token>.+)" } }
  seed:
    command: 'test "$TOKEN" = open-sesame-1 && test "\${db.token}" = open-sesame-1 && exit 7'
    depends_on: [db]
`;
    const end = await runOrderly(t, { config, files, args: ['run', 'seed'] }).ended;
    assert.equal(end.status, 7);
    assert.ok(end.stderr.includes('db   | db has ***'), wrote(end));
  });

  test('is told of by check and env, which run nothing; "env --ask" tells what it prints', async (t) => {
    const config = `
env_from: { command: [sh, vault.sh] }
services:
  a: { command: x, env: { LEVEL: own } }
  b: { command: x, env_from: { command: [no-such-vault] } }
`;
    const check = runOrderly(t, { config, files, args: ['check'] });
    const checked = await check.ended;
    assert.equal(checked.status, 0);
    assert.ok(
      checked.stdout.includes('  sh vault.sh (supervisor.yaml:2:11): for a, b, within 10 s'),
      wrote(checked),
    );
    assert.match(
      wrote(checked),
      /^supervisor\.yaml:5:30: warning: "env_from" of service "b" can't be run here: "no-such-vault" is not on the PATH$/m,
    );
    assert.ok(!existsSync(join(check.folder, 'asked')));

    const env = runOrderly(t, { config, files, args: ['env', 'a'] });
    const told = (await env.ended).stdout;
    assert.equal(told.at(-1), '  sh vault.sh (supervisor.yaml:2:11)');
    assert.ok(!existsSync(join(env.folder, 'asked')));

    const asking = runOrderly(t, { config, files, args: ['env', 'a', '--ask'] });
    const all = await asking.ended;
    assert.match(all.stdout.join('\n'), /^TOKEN +env_from supervisor\.yaml:2:11 +\*\*\*$/m);
    assert.match(all.stdout.join('\n'), /^LEVEL +env supervisor\.yaml:4:27 +own$/m);
    assert.equal(asked(asking), 1);
    assert.ok(!wrote(all).includes(SECRET));
  });
});
