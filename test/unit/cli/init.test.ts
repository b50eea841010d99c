/** What `orderly init` writes: a configuration that is good, also with its examples, and a section that is there once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { agentsAddition } from '../../../src/cli/client/init/agents-section.ts';
import { scriptCommand, starterConfig } from '../../../src/cli/client/init/starter-config.ts';
import { assertProperty } from '../../support/assert-property.ts';
import { goodConfig } from '../config/load.ts';

test('what is written is a good configuration of one service', async () => {
  for (const script of [undefined, 'npm run dev']) {
    const { text, command } = starterConfig(script);
    const { services } = await goodConfig(text);
    assert.deepEqual(
      services.map(({ name, command: own }) => [name, own]),
      [['app', { kind: 'shell', script: command }]],
    );
  }
});

test('its examples are good where they stand', async () => {
  const { text } = starterConfig(undefined);
  const examples = text.replaceAll(/^( +)# /gm, '$1');
  const [app, db] = (await goodConfig(examples)).services;
  assert.equal(db?.name, 'db');
  assert.deepEqual(
    app?.dependsOn.map(({ service }) => service),
    ['db'],
  );
  // Each is what it says: nothing of them has another default than ours.
  const plain = (await goodConfig(text)).services[0]!;
  assert.deepEqual([app?.restart, app?.stop], [plain.restart, plain.stop]);
});

test('the script of a package is run by the package manager that it uses', () => {
  const has =
    (...names: readonly string[]) =>
    (name: string) =>
      names.includes(name);
  for (const [about, files, command] of [
    [{ scripts: { dev: 'vite' } }, [], 'npm run dev'],
    [{ scripts: { start: 'node .', dev: 'vite' } }, ['package-lock.json'], 'npm run dev'],
    [{ scripts: { start: 'node .' } }, ['pnpm-lock.yaml'], 'pnpm run start'],
    [{ scripts: { start: 'node .' } }, ['yarn.lock'], 'yarn run start'],
    [{ scripts: { start: 'node .' } }, ['bun.lockb'], 'bun run start'],
    [{ scripts: { dev: 'x' }, packageManager: 'pnpm@9.1.0+sha512.aa' }, ['yarn.lock'], 'pnpm run dev'],
    [{ scripts: { dev: 'x' }, packageManager: 'other@1' }, ['yarn.lock'], 'yarn run dev'],
    [{ scripts: { dev: 'orderly up', start: 'node .' } }, [], 'npm run start'],
    [{ scripts: { dev: 'npx orderlyd up' } }, [], undefined],
    [{ scripts: { dev: ' ', test: 'x' } }, [], undefined],
    [{ scripts: ['dev'] }, [], undefined],
    [{ scripts: null }, [], undefined],
    [null, [], undefined],
    ['text', [], undefined],
  ] as const)
    assert.equal(scriptCommand(JSON.stringify(about), has(...files)), command, JSON.stringify(about));
  assert.throws(() => scriptCommand('{', has()), SyntaxError);
});

test('a section is added once, after what is there and apart from it', () => {
  assertProperty(
    fc.property(
      fc.array(fc.constantFrom('# Title', 'text', '', '\r')).map((lines) => lines.join('\n')),
      (before) => {
        const after = before + agentsAddition(before);
        assert.ok(before === '' || /\n\n<!-- orderly -->\n/.test(after));
        assert.ok(after.endsWith('\n<!-- /orderly -->\n'));
        assert.equal(agentsAddition(after), undefined);
        assert.equal(agentsAddition(`${after}more\n`), undefined);
      },
    ),
  );
  assert.equal(agentsAddition(undefined), agentsAddition(''));
});
