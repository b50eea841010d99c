/** Only what is started needs its files and variables. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { ask, stateOf } from '../support/control-client.ts';
import { runOrderly } from '../support/run-orderly.ts';

const config = `
services:
  a: { command: exec sleep 1000 }
  b: { command: ["sh", "-c", "exec sleep 1000 $TOKEN"], env_file: b.env, env: { KEY: "\${API_KEY}" } }
`;

suite('what is missing for a service', { concurrency: 2, timeout: 60_000 }, () => {
  test('keeps nobody else from being started, and is told when it is to be', async (t) => {
    const whole = runOrderly(t, { config, args: ['up'] });
    const { status, stderr } = await whole.ended;
    assert.equal(status, 2);
    assert.match(stderr.join('\n'), /b\.env": there is no such file\n[\s\S]*the variable API_KEY is not set/);
    const run = runOrderly(t, { config, args: ['up', 'a', '--output', 'json'] });
    await run.event('service.ready', { service: 'a' });
    const refused = await ask(t, run, 'start', 'b');
    assert.notEqual(refused.status, 0);
    assert.match(refused.stderr.join('\n'), /the variable API_KEY is not set/);
    assert.equal(await stateOf(t, run), 'a ready#1, b stopped#0');
    writeFileSync(join(run.folder, '.env'), 'API_KEY=1\n');
    writeFileSync(join(run.folder, 'b.env'), 'TOKEN=\n');
    assert.equal((await ask(t, run, 'reload')).status, 0);
    assert.equal((await ask(t, run, 'start', 'b')).status, 0);
    assert.equal(await stateOf(t, run), 'a ready#1, b ready#1');
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });

  test('is a warning of check where it is not started, and an error where it is', async (t) => {
    const some = await runOrderly(t, { config, args: ['check', 'a'] }).ended;
    assert.equal(some.status, 0);
    assert.match(some.stderr.join('\n'), /warning: .*the variable API_KEY is not set/);
    const all = await runOrderly(t, { config, args: ['check'] }).ended;
    assert.equal(all.status, 2);
    assert.doesNotMatch(all.stderr.join('\n'), /warning/);
  });
});
