/** pm2 ecosystem files. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf, fixture, imported, refusal } from './lab.ts';

test('apps in JSON', async () => {
  const { config } = await fixture('pm2/ecosystem.json');
  const [api, mail] = config.services;
  assert.deepEqual(api?.command.kind === 'exec' && api.command.argv, [
    'node',
    '--max-old-space-size=512',
    './server.js',
    '--port',
    '3000',
    '--title',
    'my api',
  ]);
  assert.equal(api?.env.PRICE, '$5 ${NOT}');
  assert.deepEqual([api?.restart.policy, mail?.restart.policy], ['always', 'no']);
  // pm2 asks with SIGINT, and waits 1.6 s.
  assert.deepEqual([mail?.stop.signal, mail?.stop.graceMs], ['SIGINT', 1_600]);
});

test('apps in YAML, and a list alone', async () => {
  await fixture('pm2/processes.yml');
  const good = await imported('apps.json', '[{"script":"a.js"},{"script":"b.py","name":"b"}]');
  assert.deepEqual([good.format, good.services], ['pm2', ['a', 'b']]);
  await configOf(good);
});

test('a program is never executed to read it', async () => {
  for (const name of ['ecosystem.config.js', 'ecosystem.config.cjs', 'ecosystem.config.mjs'])
    assert.match(
      (await refusal(name, 'process.exit(9)'))[0]!,
      /it is a program, and no program is executed to read it$/,
    );
});
