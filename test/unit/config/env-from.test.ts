/**
 * `env_from`: where it may stand, what it counts over, and what is wrong with it.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ServiceConfig } from '../../../src/config/types.ts';
import { differenceOf } from '../../../src/engine/requests/difference.ts';
import { badConfig, goodConfig, places } from './load.ts';

const commandsOf = ({ envFrom }: ServiceConfig) =>
  envFrom?.commands.map(({ command, withinMs }) => [
    command.kind === 'exec' ? command.argv.join(' ') : command.script,
    withinMs,
  ]);

suite('env_from', () => {
  test('stands for the whole, in the defaults, and for a service in place of the defaults', async () => {
    const { services } = await goodConfig(`
env_from: { command: [op, inject], within: 3s }
defaults: { env_from: { command: sops -d x } }
services:
  a: { command: x }
  b: { command: x, env_from: [{ command: [b] }, { command: [c] }] }
  c: { command: x, env_from: null }
`);
    assert.deepEqual(services.map(commandsOf), [
      [
        ['op inject', 3_000],
        ['sops -d x', 10_000],
      ],
      [
        ['op inject', 3_000],
        ['b', 10_000],
        ['c', 10_000],
      ],
      [['op inject', 3_000]],
    ]);
    assert.deepEqual(
      services[0]?.envFrom?.commands.map(({ cwd, path }) => [cwd, path.join('.')]),
      [
        ['/shop', 'env_from'],
        ['/shop', 'defaults.env_from'],
      ],
    );
  });

  test('counts under what is written for a service and in the defaults, there and taken away', async () => {
    const { services } = await goodConfig(`
env: { OF_ALL: 1 }
env_from: { command: x }
defaults: { env: { OF_DEFAULTS: 1 } }
services:
  a: { command: x, env: { OWN: 1, GONE: null } }
  b: { command: x, env: null }
`);
    assert.deepEqual(
      services.map(({ envFrom }) => envFrom?.over),
      [['OF_DEFAULTS', 'OWN', 'GONE'], []],
    );
  });

  test('is in the folder of the file that it is written in', async () => {
    const files = {
      '/shop/sub/more.yaml': 'services: { b: { command: x, env_from: { command: [y] } } }',
    };
    const { services } = await goodConfig('include: sub/more.yaml\nservices: { a: { command: x } }', {
      files,
    });
    assert.equal(services.find(({ name }) => name === 'b')?.envFrom?.commands[0]?.cwd, '/shop/sub');
  });

  const WRONG: readonly (readonly [entry: string, told: string])[] = [
    [
      'op inject',
      '3:15 "env_from" of service "a" must be a map with a command, or a list of such maps, but is "op inject"',
    ],
    [
      '[op, inject]',
      '3:16 "env_from[0]" of service "a" must be a map with a command, or a list of such maps, but is "op"',
    ],
    ['{ within: 3s }', '3:15 "env_from" of service "a" has no "command"'],
    ['{ command: [] }', '3:26 "env_from.command" of service "a" cannot be empty'],
    [
      '{ command: x, within: 0s }',
      '3:37 "env_from.within" of service "a" must be a duration such as 250ms, 2s, 1m30s or 1h, longer than 0, but is "0s"',
    ],
    [
      '{ command: "x ${b.port}" }',
      '3:26 Cannot use "${b.port}" in "env_from.command" of service "a": it must be known before anything is started',
    ],
  ];
  for (const [entry, told] of WRONG)
    test(`is wrong as ${entry}`, async () => {
      const text = `services:\n  a:\n    env_from: ${entry}\n    command: x\n  b: { command: y }\n`;
      assert.ok(places(await badConfig(text)).includes(told), places(await badConfig(text)).join('\n'));
    });

  test('is refused where a service writes to its log file by itself', async () => {
    const text = `services:
  a: { command: x, env_from: { command: y }, log: { file: a.log, direct: true } }`;
    assert.deepEqual(places(await badConfig(text)), [
      '2:74 "log.direct" of service "a" is not possible with "env_from": nobody could mask what it writes',
    ]);
  });

  test('is told of where a variable is missing that it may print', async () => {
    const [one] = await badConfig(
      'env_from: { command: x }\nservices:\n  a: { command: ["psql", "${DB_URL}"] }\n',
    );
    assert.match(one?.hint ?? '', /"env_from" prints is known only when the service starts: .* \$DB_URL$/);
    const [other] = await badConfig('services:\n  a: { command: ["psql", "${DB_URL}"] }\n');
    assert.doesNotMatch(other?.hint ?? '', /env_from/);
  });

  test('is a change of a definition, as what is printed is; where it stands is none', async () => {
    const of = async (text: string) =>
      (await goodConfig(`${text}\nservices: { a: { command: x } }`)).services[0]!;
    const a = await of('env_from: { command: y }');
    const b = await of('defaults: { env_from: { command: y, within: 3s } }');
    const c = await of('env_from: { command: z }');
    assert.equal(differenceOf(a, b), undefined);
    assert.deepEqual(differenceOf(a, c), { keys: ['env_from'], class: 'restart' });
    const revised = { ...a, envFrom: { ...a.envFrom!, revision: 1 } };
    assert.deepEqual(differenceOf(a, revised), { keys: ['env_from'], class: 'restart' });
  });
});
