/** mprocs files. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture } from './lab.ts';

test('processes side by side, some of them held back', async () => {
  const { config } = await fixture('mprocs/mprocs.yaml', { env: { PATH: '/bin' } });
  assert.deepEqual(
    config.services.map(({ name, restart, profiles }) => [name, restart.policy, profiles]),
    [
      ['web', 'always', []],
      ['api', 'no', []],
      ['db', 'no', []],
      ['editor', 'no', ['manual']],
      ['shell', 'no', []],
    ],
  );
  // A program with a terminal never sees the end of its input.
  assert.ok(config.services.every(({ stdin }) => stdin === 'open'));
});
