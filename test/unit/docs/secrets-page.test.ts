/**
 * The page of the manual about secrets says what is so: its configurations are right, and its numbers those of the program.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Secrets } from '../../../src/secrets/secrets.ts';
import { repositoryRoot } from '../../support/repository-root.ts';
import { goodConfig } from '../config/load.ts';

const page = readFileSync(join(repositoryRoot(), 'src/manual/secrets.md'), 'utf8');

const configs = [...page.matchAll(/^```yaml supervisor\.yaml\n([\s\S]*?)^```$/gm)].map(
  ([, text = '']) => text,
);

test('its configurations are right', async () => {
  assert.equal(configs.length, 3);
  for (const text of configs) await goodConfig(text);
});

test('what it says of two services is so', async () => {
  const { services } = await goodConfig(configs[1]!);
  const filesOf = (name: string) =>
    services
      .find((service) => service.name === name)
      ?.envFrom?.commands.map(({ command }) =>
        command.kind === 'exec' ? command.argv.at(-1) : command.script,
      );
  assert.deepEqual(filesOf('web'), ['all.env', 'most.env']);
  assert.deepEqual(filesOf('api'), ['all.env', 'api.env', './more-secrets']);
});

test('each command in its table can stand there', async () => {
  const commands = [...page.matchAll(/^\| [\w ]+ \| `(.+)` \|$/gm)].map(([, command = '']) => command);
  assert.equal(commands.length, 5);
  for (const command of commands)
    await goodConfig(`env_from: { command: ${command} }\nservices: { a: { command: x } }`);
});

test('a value counts from so many characters on', () => {
  const [, least = '', byName = ''] =
    /counts from (\d+) characters on\.[\s\S]*?counts from (\d+) on/.exec(page) ?? [];
  const isMasked = (name: string, length: number) => {
    const secrets = new Secrets({ looksSecret: (one) => one === 'TOKEN', known: new Set() });
    secrets.add([[name, 'x'.repeat(length)]]);
    return secrets.text('x'.repeat(length)) === '***';
  };
  assert.deepEqual([isMasked('A', Number(least) - 1), isMasked('A', Number(least))], [false, true]);
  assert.deepEqual([isMasked('TOKEN', Number(byName) - 1), isMasked('TOKEN', Number(byName))], [false, true]);
});
