/**
 * Names as other tools have them, from the file to every command: with dots and colons in them, and an underscore in front.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { ask } from '../support/control-client.ts';
import { runOrderly } from '../support/run-orderly.ts';

suite('names with dots and colons', { timeout: 20_000 }, () => {
  test('what they are called is what is started, asked for, filled in and kept apart', async (t) => {
    const config = `
services:
  _db.main: { command: 'echo port 5432; exec sleep 1000', ready: { log: 'port (?<port>\\d+)' } }
  npm:dev:
    command: 'echo at \${_db.main.port}; exec sleep 1000'
    depends_on: ["_db.main"]
    log: { file: dev.log }
    cleanup: [touch cleaned]
  "npm:dev.2": { command: exec sleep 1000, labels: { team: web } }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'npm:dev' });
    await run.event('service.ready', { service: 'npm:dev.2' });
    const { stdout } = await ask(t, run, 'ps', 'npm:*');
    assert.match(stdout.join('\n'), /^NAME .*\nnpm:dev +ready .*\nnpm:dev\.2 +ready /);
    const why = await ask(t, run, 'why', '_db.main');
    assert.equal(why.status, 0);
    assert.match(why.stdout.join('\n'), /^_db\.main is ready/);
    assert.equal((await ask(t, run, 'restart', 'npm:dev')).status, 0);
    await run.event('service.ready', { service: 'npm:dev', attempt: 2 });
    assert.match((await ask(t, run, 'logs', 'npm:dev')).stdout.join('\n'), /at .*5432/);
    assert.equal((await ask(t, run, 'exec', 'npm:dev.2', '--', 'true')).status, 0);
    assert.equal((await ask(t, run, 'down')).status, 0);
    const end = await run.ended;
    assert.equal(end.status, 0);
    assert.match(readFileSync(join(run.folder, 'dev.log'), 'utf8'), /5432/);
    assert.ok(existsSync(join(run.folder, 'cleaned')));
  });
});
