/**
 * `orderly env`: where each variable of a service comes from, by the real program, held against what the service is given.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { runOrderly } from '../support/run-orderly.ts';

interface Told {
  readonly service: string;
  readonly variables: readonly {
    readonly name: string;
    readonly from: string;
    readonly file?: string;
    readonly line?: number;
    readonly column?: number;
    readonly value: string | null;
  }[];
}

const config = `env: { LEVEL: info }
services:
  base: { command: x, env: { TAKEN: over }, profiles: [base] }
  api:
    extends: base
    type: task
    command: env
    env_file: api.env
    env:
      PORT: 8080
      URL: "pg://me:\${DB_WORD}@h/"
      DB_PASSWORD: "of-the-file"
      NO_MORE: null
`;
const files = { 'api.env': 'A=1\nHIDDEN_A=sesame\n', '.env': 'DB_WORD=sesame\n' };
const env = { INHERITED: 'yes', GITHUB_TOKEN: 'sesame', NO_MORE: 'x' };

suite('orderly env', { concurrency: 3, timeout: 60_000 }, () => {
  test('tells every variable that the service is given, by name, with its place', async (t) => {
    const run = runOrderly(t, { config, files, env, args: ['env', 'api', '--json'] });
    const end = await run.ended;
    assert.equal(end.status, 0, end.stderr.join('\n'));
    const { service, variables } = JSON.parse(end.stdout.join('\n')) as Told;
    assert.equal(service, 'api');
    const given = await runOrderly(t, { config, files, env, args: ['up', 'api'] }).ended;
    const names = given.stdout.flatMap((line) => /^api \| (\w+)=/.exec(line)?.[1] ?? []);
    // A shell sets these itself.
    const isOurs = (name: string) => !['_', 'SHLVL', 'PWD', 'OLDPWD'].includes(name);
    assert.deepEqual(variables.map(({ name }) => name).filter(isOurs), names.filter(isOurs).toSorted());
    const of = (name: string) => variables.find((one) => one.name === name);
    const file = join(run.folder, 'supervisor.yaml');
    assert.deepEqual(of('LEVEL'), { name: 'LEVEL', from: 'env', file, line: 1, column: 8, value: 'info' });
    assert.deepEqual(of('TAKEN'), { name: 'TAKEN', from: 'env', file, line: 3, column: 30, value: 'over' });
    assert.deepEqual(of('PORT'), { name: 'PORT', from: 'env', file, line: 10, column: 7, value: '8080' });
    const hidden = { from: 'env_file', file: join(run.folder, 'api.env'), line: 2, value: '***' };
    assert.deepEqual(of('HIDDEN_A'), { name: 'HIDDEN_A', ...hidden });
    assert.deepEqual(of('INHERITED'), { name: 'INHERITED', from: 'inherited', value: 'yes' });
    assert.deepEqual(of('ORDERLY_SERVICE'), { name: 'ORDERLY_SERVICE', from: 'orderly', value: 'api' });
    assert.equal(of('ORDERLY_MARK')?.value, null);
  });

  test('shows no secret and no value of a file of variables, in lines for people', async (t) => {
    const end = await runOrderly(t, { config, files, env, args: ['env', 'api'] }).ended;
    const text = end.stdout.join('\n');
    assert.equal(end.status, 0);
    assert.doesNotMatch(text, /sesame|of-the-file/);
    assert.match(text, /^NAME +FROM +VALUE\n/);
    assert.match(text, /^URL +env supervisor\.yaml:11:7 +pg:\/\/me:\*\*\*@h\/$/m);
    assert.match(text, /^HIDDEN_A +env_file api\.env:2 +\*\*\*$/m);
    assert.match(text, /^GITHUB_TOKEN +inherited +\*\*\*$/m);
    assert.match(text, /^ORDERLY_RUN +orderly +\(known when it starts\)$/m);
  });

  test('a name that nobody has, and a configuration that is wrong, are sentences with status 2', async (t) => {
    const unknown = await runOrderly(t, { config, files, args: ['env', 'apii'] }).ended;
    assert.deepEqual([unknown.status, unknown.stdout], [2, []]);
    assert.match(unknown.stderr[0] ?? '', /^orderly: Cannot tell .* "apii": .* Did you mean "api"\?$/);
    const wrong = await runOrderly(t, { config: 'services: { a: { comand: x } }', args: ['env', 'a'] }).ended;
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr[0] ?? '', /^supervisor\.yaml:1:18: Unknown key "comand"/);
    const missing = await runOrderly(t, { config, args: ['env', 'api'] }).ended;
    assert.deepEqual([missing.status, missing.stdout], [2, []]);
    assert.match(missing.stderr.join('\n'), /api\.env": there is no such file/);
  });
});
