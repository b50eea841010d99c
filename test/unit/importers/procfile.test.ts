/** Procfiles, as foreman runs them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf, fixture, imported } from './lab.ts';

test('a name and a script a line', async () => {
  const { config, text } = await fixture('procfile/Procfile');
  const [web, worker] = config.services;
  assert.deepEqual(web?.command, { kind: 'shell', script: 'echo "web at ${PORT:-3000}"; exec sleep 1000' });
  assert.match(String(worker?.command.kind === 'shell' && worker.command.script), /on \$QUEUE \$\$"/);
  assert.deepEqual(
    config.services.map(({ restart, env }) => [restart.policy, env.PORT]),
    [
      ['no', '5000'],
      ['no', '5100'],
      ['no', '5200'],
    ],
  );
  // When one ends, all end.
  assert.equal(text.match(/on_end: shutdown/g)?.length, 3);
});

test('a Rails application, with a line that platforms run first', async () => {
  await fixture('procfile/Procfile.rails');
});

test('ends of lines, blanks and comments as people have them', async () => {
  const good = await imported('Procfile', '# x\r\nweb : a: b\r\n\r\n  worker:\tc # d\r\n');
  assert.deepEqual(
    (await configOf(good)).services.map(({ name, command }) => [
      name,
      command.kind === 'shell' && command.script,
    ]),
    [
      ['web', 'a: b'],
      ['worker', 'c # d'],
    ],
  );
});
