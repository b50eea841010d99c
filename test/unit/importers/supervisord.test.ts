/** supervisord.conf. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf, fixture, imported } from './lab.ts';

test('programs with their logs, numbers and policies', async () => {
  const { config } = await fixture('supervisord/supervisord.conf', { env: { PORT: '80' } });
  const [web, first, , once] = config.services;
  assert.deepEqual(web?.command.kind === 'exec' && web.command.argv.slice(0, 4), [
    'gunicorn',
    'shop app:main',
    '--bind',
    '0.0.0.0:80',
  ]);
  assert.deepEqual([web?.env.STAGE, web?.env.SECRET, web?.env.PLAIN], ['dev', 'a,b;c', 'x']);
  assert.deepEqual(first?.restart.successCodes, [0, 2]);
  // Only the first process gets the signal, unless it is said otherwise.
  assert.deepEqual([web?.stop.target, first?.stop.target], ['group', 'main']);
  assert.deepEqual([once?.restart.policy, once?.profiles, once?.ready], ['no', ['manual'], undefined]);
});

test('what is not said is what supervisord takes: tried three times, started after a second', async () => {
  const [a] = (await configOf(await imported('supervisord.conf', '[program:a]\ncommand = sleep 5 ; five\n')))
    .services;
  assert.deepEqual(a?.command, { kind: 'shell', script: 'sleep 5' });
  assert.deepEqual([a?.restart.policy, a?.restart.max, a?.restart.resetAfterMs], ['on-failure', 3, 1_000]);
  assert.ok(a?.ready?.kind === 'delay' && a.ready.delayMs === 1_000);
});
