/** What nobody would write, or only to do harm, is a sentence, or is read as what it says; nothing hangs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quickYaml } from '../../../src/config/yaml/quick/quick-yaml.ts';
import { slowYaml } from '../../../src/config/yaml/slow-yaml.ts';
import { FORMATS } from '../../../src/importers/formats.ts';
import { importText } from '../../../src/importers/import-text.ts';
import { writeConfig } from '../../../src/importers/write-config.ts';
import { assertAsyncProperty } from '../../support/assert-property.ts';
import { configOf, imported, refusal } from './lab.ts';

test('what is too large, too deep, or an endless alias is one sentence, in each format', async () => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...'bcdefghi'
      .split('')
      .map((one, at) => `${one}: &${one} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(', ')}]`),
  ];
  // A line of a Procfile may be anything.
  for (const text of [
    '#'.repeat(1_048_577),
    `services: ${'['.repeat(5_000)}`,
    `services: ${'{a: '.repeat(5_000)}`,
    `${bomb.join('\n')}\nservices: { a: { command: *i } }`,
    'services: &a { b: *a }',
    '- '.repeat(5_000),
    '"',
    '',
  ])
    for (const format of FORMATS.filter((one) => one !== 'procfile')) {
      const sentences = await refusal('a-file', text, format);
      assert.ok(sentences.length >= 1 && sentences.every((one) => one.length < 300), format);
    }
});

test('names of what every object has are names like others', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const services = names.map(
    (name) =>
      `  ${name}: { build: ., command: ./x, environment: { ${name}: y }, depends_on: { ${name}: {} } }`,
  );
  const good = await imported('compose.yaml', `services:\n${services.join('\n')}\n`);
  const config = await configOf(good);
  assert.deepEqual(
    config.services.map(({ env }) => Object.keys(env)),
    names.map((name) => [name]),
  );
  const processes = `processes:\n  __proto__: { command: x, depends_on: { constructor: { condition: toString } } }\n`;
  assert.equal((await imported('process-compose.yaml', processes)).services.length, 1);
  assert.equal(({} as Record<string, unknown>).command, undefined);
});

test('values of any shape are read, or told, and what is written can be read', async () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>(
        null,
        true,
        -1,
        0,
        1e300,
        '',
        'x',
        '$',
        '${',
        '$$',
        "'",
        '"',
        '\0',
        '1h',
        'a: b',
        '__proto__',
      ),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom('a', 'test', 'condition', 'path', 'exec', 'http_get', 'restart'),
        tie('any'),
        { maxKeys: 3 },
      ),
    ),
  })).any;
  const keys =
    'command entrypoint working_dir cwd environment env env_file depends_on healthcheck restart deploy image build ports volumes profiles ' +
    'labels ulimits links extends networks readiness_probe liveness_probe availability shutdown replicas log_location shell cmd stop script ' +
    'args instances autorestart kill_timeout namespace';
  const service = fc.dictionary(fc.constantFrom(...keys.split(' ')), value, { maxKeys: 8 });
  const many = fc.dictionary(fc.constantFrom('a', 'b', 'c d', 'toString'), service, {
    minKeys: 1,
    maxKeys: 3,
  });
  await assertAsyncProperty(
    fc.asyncProperty(
      many,
      fc.constantFrom('compose', 'process-compose', 'mprocs', 'pm2'),
      async (services, format) => {
        const document = { services, processes: services, procs: services, apps: Object.values(services) };
        const result = await importText({
          file: '/x/file',
          text: JSON.stringify(document),
          folder: '',
          format,
        });
        if (!result.ok) assert.equal(result.diagnostics.length, 1);
        else {
          const read = quickYaml(result.text) ?? (await slowYaml('f', result.text)).value;
          assert.deepEqual(Object.keys((read as { services: object }).services), result.services);
        }
      },
    ),
  );
});

test('each text is read back as it was written, wherever it stands', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...' \t\n:#-"\'\\${}[],&*!|>%@`?ayno1.~=\r\u0085\u2028\ufeff') }),
  );
  await assertAsyncProperty(
    fc.asyncProperty(text, text, async (one, other) => {
      const keys = {
        command: one,
        env: new Map([
          ['A', one],
          [other, other],
        ]),
        log: { file: other, list: [one, other] },
      };
      const written = writeConfig(
        { top: { name: other }, services: [{ name: 'a', keys, notes: [one] }], losses: [] },
        one,
      );
      const { value, diagnostics } = await slowYaml('f', written);
      assert.deepEqual(diagnostics, [], written);
      const env = Object.fromEntries(keys.env);
      assert.deepEqual(value, { name: other, services: { a: { command: one, env, log: keys.log } } });
      const quick = quickYaml(written);
      if (quick !== undefined) assert.deepEqual(quick, value);
    }),
  );
});

test('two of one name become two services', async () => {
  const app = { name: 'a', script: 'x.js' };
  assert.deepEqual((await imported('pm2.json', JSON.stringify({ apps: [app, app] }))).services, ['a', 'a-2']);
  assert.deepEqual(
    (await imported('compose.yaml', 'services: { "a b": { image: x }, "a-b": { image: x } }')).services,
    ['a-b', 'a-b-2'],
  );
  assert.deepEqual(
    (await imported('supervisord.conf', '[program:a]\ncommand=x\n[program:a]\ncommand=y\n')).services,
    ['a', 'a-2'],
  );
});
