/**
 * Services that Node spawns though there is the helper: what they leave becomes no child of the helper.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAlive } from '../support/process-lab.ts';
import { runOrderly } from '../support/run-orderly.ts';

test('G5: a daemon of a service with "notify: node" is stopped with it, with nothing but its mark to know it by', async (t) => {
  const leave = "(setsid sh -c 'echo $$; exec sleep 1000' &)";
  const script = `const { execSync } = require('node:child_process');
    execSync(${JSON.stringify(leave)}, { stdio: ['ignore', 'inherit', 'ignore'] });
    process.send('ready');
    setInterval(() => {}, 1e6);`;
  const config = JSON.stringify({
    process: { cgroup: 'off' },
    services: {
      a: { command: [process.execPath, '-e', script.replaceAll('$', '$$$$')], ready: { notify: 'node' } },
    },
  });
  const run = runOrderly(t, { config });
  await run.event('service.ready');
  const { text } = await run.event('log');
  run.signal('SIGTERM');
  assert.equal((await run.ended).status, 143);
  assert.ok(!isAlive(Number(text)));
});
