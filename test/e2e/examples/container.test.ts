import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exampleFolder } from '../../support/example-folder.ts';
import { examplePath } from '../../support/example-path.ts';
import { freePorts } from '../../support/free-port.ts';
import { runOrderly } from '../../support/run-orderly.ts';
import { assertOrder, story } from '../../support/story.ts';

const file = examplePath('container/supervisor.yaml');
const namespace = ['unshare', '--pid', '--fork', '--mount-proc'];
const isAllowed = spawnSync('unshare', [...namespace.slice(1), 'true']).status === 0;

test('the configuration of the container is right, outside of it too', async (t) => {
  const end = await runOrderly(t, { args: ['check', '-f', file] }).ended;
  assert.equal(end.status, 0);
  assert.deepEqual(end.stderr, []);
});

test('the entry point is in the exec form', () => {
  assert.match(
    readFileSync(examplePath('container/Dockerfile'), 'utf8'),
    /^ENTRYPOINT \["orderly", "up"\]$/m,
  );
});

test('G8: as PID 1, SIGTERM from outside brings it down within its 9 s, with status 143', {
  skip: isAllowed ? false : 'namespaces are not permitted here',
}, async (t) => {
  const { PORT } = await freePorts('PORT');
  const run = runOrderly(t, {
    inside: namespace,
    args: ['up', '-f', file, '--output', 'json'],
    env: { PORT, UPLOADS: join(exampleFolder(t), 'uploads') },
  });
  const started = await run.event('run.started');
  assert.equal(started.pid, 1);
  await run.event('service.ready', { service: 'janitor' });
  const address = `http://127.0.0.1:${PORT}/`;
  await fetch(`${address}letter`, { method: 'PUT', body: 'Dear orderly' });
  assert.equal(await (await fetch(address)).text(), 'letter\n');

  process.kill(onlyChild(run.pid), 'SIGTERM');
  const end = await run.ended;
  assert.equal(end.status, 143);
  assert.equal(end.signal, null, 'PID 1 cannot raise a signal on itself: it exits with 128 + 15');
  const requested = await run.event('shutdown.requested');
  assert.equal(requested.budget_ms, 9000);
  assertOrder(story(end.events), 'janitor stopped', 'web stopping', 'web stopped', 'run finished');
  assert.ok((end.events.at(-1)?.ms ?? Number.POSITIVE_INFINITY) - requested.ms < 9000);
});

/** `unshare` keeps signals to itself: the process that is PID 1 inside is its child. */
function onlyChild(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
}
