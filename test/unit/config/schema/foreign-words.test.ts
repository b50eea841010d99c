/**
 * Words of other tools are answered with what can be written here: each line that is advised is good where it is advised.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { KEYS, VALUES } from '../../../../src/config/schema/foreign-words.ts';
import { badConfig, loadText } from '../load.ts';

/** Where keys may stand, with what must stand beside them. */
const PLACES: readonly ((line: string) => string)[] = [
  (line) => (line.startsWith('services:') ? line : `${line}\nservices: { a: { command: x } }`),
  (line) =>
    `services:\n  db: { command: x }\n  a:\n    ${line}${line.startsWith('command:') ? '' : '\n    command: x'}`,
  (line) => `services: { a: { command: x, ready: { ${line} } } }`,
  (line) => `services: { a: { command: x, ready: { tcp: 1, ${line} } } }`,
  (line) => `services: { a: { command: x, ready: { http: { url: "http://a/", ${line} } } } }`,
  (line) => `services: { a: { command: x, health: { tcp: 1, ${line} } } }`,
  (line) => `services: { a: { command: x, stop: { ${line} } } }`,
  (line) => `services: { a: { command: x, restart: { ${line} } } }`,
  (line) => `services: { a: { command: x, log: { ${line} } } }`,
  (line) => `services: { db: { command: x }, a: { command: x, depends_on: { db: { ${line} } } } }`,
  (line) => `services: { a: { up: x, ${line} } }`,
];

const hints = async (text: string, given = {}): Promise<readonly string[]> =>
  (await badConfig(text, given)).map(({ hint = '' }) => hint);

suite('the words of other tools', () => {
  for (const { ours, words, write } of KEYS)
    test(`${ours} for ${words}`, async () => {
      const good = [];
      for (const place of PLACES) {
        const loaded = await loadText(place(write), { files: { '/shop/.env': '' } });
        if (loaded.ok) good.push(place);
      }
      assert.ok(good.length > 0, `nowhere can one write ${write}`);
      for (const word of words.split(' ')) {
        const answers = await Promise.all(good.map((place) => hints(place(`${word}: x`))));
        assert.ok(
          answers.flat().some((hint) => hint.startsWith(`Write ${write}`)),
          `${word}: ${JSON.stringify(answers)}`,
        );
      }
    });

  for (const { ours, words, write } of VALUES)
    test(`${ours} for ${words}, in the place of a word`, async () => {
      const places = [
        (word: string) => `services: { a: { command: x, restart: ${word} } }`,
        (word: string) => `services: { a: { command: x, type: ${word} } }`,
        (word: string) =>
          `services: { db: { command: x }, a: { command: x, depends_on: { db: { condition: ${word} } } } }`,
      ];
      const good = [];
      for (const place of places) if ((await loadText(place(write))).ok) good.push(place);
      assert.ok(good.length > 0, `nowhere can one write ${write}`);
      for (const word of words.split(' ')) {
        const written = word.replace('_', word === 'unless_stopped' ? '-' : '_');
        const answers = (await Promise.all(good.map((place) => hints(place(written))))).flat();
        assert.ok(
          answers.some((hint) => hint.startsWith(`Write ${write}`)),
          `${word}: ${answers}`,
        );
      }
    });

  for (const [tool, text, expected] of [
    [
      'compose',
      'services: { a: { command: x, image: x, environment: [A=secret], working_dir: x, restart: "on-failure:3", stop_grace_period: 1m, healthcheck: { test: x }, ports: [1] } }',
      [
        /^Leave it out\. .*docker, run/,
        /^Write env:/,
        /^Write cwd:/,
        /max: 3/,
        /grace/,
        /^Write ready:/,
        /^Leave it out\./,
      ],
    ],
    [
      'Kubernetes',
      'services: { a: { command: x, livenessProbe: { httpGet: x }, terminationGracePeriodSeconds: 3, restartPolicy: Always, workingDir: x } }',
      [/^Write health:/, /grace/, /^Write restart:/, /^Write cwd:/],
    ],
    [
      'systemd',
      'services: { a: { ExecStart: x, WorkingDirectory: x, EnvironmentFile: x, TimeoutStopSec: 3, RestartSec: 1, After: b } }',
      [/^Write command:/, /^Write cwd:/, /^Write env_file:/, /grace/, /delay/, /^Write depends_on:/],
    ],
    [
      'supervisord',
      'services: { a: { command: x, autorestart: true, stopwaitsecs: 3, stdout_logfile: x, directory: x } }',
      [/^Write restart:/, /grace/, /^Write log:/, /^Write cwd:/],
    ],
    [
      'compose that sets up containers',
      'services: { a: { command: x, cap_add: [x], deploy: {}, develop: {}, mem_limit: 1g, security_opt: [x], description: x } }',
      Array.from({ length: 6 }, () => /^Leave it out\. \S/),
    ],
    ['process-compose', 'processes: { a: { command: x } }', [/^Write services:/]],
  ] as const)
    test(`a file of ${tool} is answered word by word, in one round`, async () => {
      const found = await hints(text);
      for (const [index, pattern] of expected.entries()) assert.match(found[index] ?? '', pattern);
      assert.equal(found.length, expected.length, found.join('\n'));
    });
});

suite('what stands in the place of a map', () => {
  for (const [line, hint] of [
    ['ready: 5432', /^Write \{ tcp: 5432 \}$/],
    ['ready: "localhost:5432"', /^Write \{ tcp: "localhost:5432" \}$/],
    ['ready: https://localhost/', /^Write \{ http: "that URL" \}$/],
    ['ready: listening', /\{ log: listening \}/],
    ['health: 8080', /^Write \{ tcp: 8080 \}$/],
    ['env: [PASSWORD=hunter2, B=2]', /^Write each as NAME: value, here PASSWORD: …, B: …;/],
    ['env: PASSWORD=hunter2', /here PASSWORD: …;/],
  ] as const)
    test(line, async () => {
      const [only, ...others] = await badConfig(`services: { a: { command: x, ${line} } }`);
      assert.deepEqual(others, []);
      assert.match(only?.hint ?? '', hint);
      assert.ok(!JSON.stringify(only?.hint).includes('hunter2'));
    });
});
