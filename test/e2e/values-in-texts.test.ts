/**
 * A value that a service reports is never executed by those that use it, wherever a text of theirs is for a shell.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runOrderly } from '../support/run-orderly.ts';

const VALUE = '1;touch PWNED;$(touch PWNED)`touch PWNED`\'"|touch PWNED';

const config = `
services:
  db:
    command: [sh, -c, 'printf "%s\\\\n" "at $VALUE"; exec sleep 1000']
    ready: { log: '^at (?<v>.*)' }
  web:
    command: 'echo "command \${db.v}" >>said; exec sleep 1000'
    depends_on: [db]
    ready: { exec: 'echo ready \${db.v} >>said' }
    stop: { command: "echo 'stop \${db.v}' >>said; kill $(cat web.pid 2>/dev/null) 2>/dev/null; exit 1" }
    cleanup:
      - 'cat >>said <<E

        cleanup \${db.v}

        E'
      - [sh, -c, 'echo "list \${db.v}" >>said']
  once:
    type: task
    command: [printf, '%s\\n', 'argv \${db.v}']
    depends_on: [db]
`;

test('a value is not executed in command, ready, stop.command, cleanup and lists, and arrives whole', async (t) => {
  const run = runOrderly(t, { config, env: { VALUE } });
  await run.event('service.ready', { service: 'web' });
  await run.event('service.completed', { service: 'once' });
  run.signal('SIGTERM');
  const { status, events } = await run.ended;
  assert.equal(existsSync(join(run.folder, 'PWNED')), false);
  const said = new Set(readFileSync(join(run.folder, 'said'), 'utf8').split('\n'));
  for (const what of ['command', 'ready', 'stop', 'cleanup', 'list'])
    assert.ok(said.has(`${what} ${VALUE}`), what);
  assert.ok(events.some((event) => event.type === 'log' && event.text === `argv ${VALUE}`));
  assert.equal(status, 143);
});

test('a value in a script within the script is refused before anything is started', async (t) => {
  const nested = config.replace(/command: 'echo "command.*'/, 'command: \'sh -c "echo ${db.v}"\'');
  const run = runOrderly(t, { config: nested, env: { VALUE } });
  const { status, stderr } = await run.ended;
  assert.equal(status, 2);
  assert.match(
    stderr.join('\n'),
    /supervisor\.yaml:7:\d+: Cannot use "\$\{db\.v\}" in "command" of service "web": a shell would execute it/,
  );
});
