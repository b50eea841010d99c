/**
 * Failures that come together, with real processes: one is the cause, the rest fell with it and is told.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { runOrderly } from '../support/run-orderly.ts';

const sleeper = 'command: [sleep, "1000"]';

suite('failures in company', { concurrency: 4, timeout: 20_000 }, () => {
  test('G8: two that are killed at once: one cause, and the other fell with it', async (t) => {
    const config = `
defaults: { restart: "no" }
services:
  one: { ${sleeper} }
  two: { ${sleeper} }
  go: { type: task, command: 'exit 0', depends_on: [one, two] }
`;
    const run = runOrderly(t, { config });
    const { pid: one = 0 } = await run.event('service.starting', { service: 'one' });
    const { pid: two = 0 } = await run.event('service.starting', { service: 'two' });
    await run.event('service.completed', { service: 'go' });
    for (const pid of [one, two]) process.kill(pid, 'SIGKILL');
    const end = await run.ended;
    assert.equal(end.status, 1);
    const exited = end.events.filter((event) => event.type === 'service.exited' && event.service !== 'go');
    const finished = end.events.at(-1);
    assert.ok(finished?.type === 'run.finished' && exited[0]?.type === 'service.exited');
    assert.equal(finished.failure?.service, exited[0].service, 'the one that was seen first');
    assert.equal(finished.failure?.fell.length, 1);
  });

  test('G8: a dependent that dies of its dependency fell with it, though a probe of that is slow to die', async (t) => {
    const config = `
defaults: { restart: "no" }
services:
  db: { command: 'until test -e up; do sleep 0.02; done; exit 3', ready: { exec: 'touch up; exec sleep 1000', timeout: 60s } }
  api: { command: 'until test -e up; do sleep 0.02; done; sleep 0.05; exit 5' }
`;
    const run = runOrderly(t, { config });
    const { cause } = await run.event('shutdown.requested');
    const end = await run.ended;
    const first = end.events.find((event) => event.type === 'service.exited');
    assert.ok(cause.kind === 'collapse' && first?.type === 'service.exited');
    assert.equal(cause.service, first.service);
  });

  test('G8: a dependent that crashes while it is isolated takes nothing else down', async (t) => {
    const config = `
defaults: { restart: "no" }
services:
  db: { command: 'until test -e up; do sleep 0.02; done; exit 3', on_failure: isolate }
  api: { command: 'touch started; until test -e crash; do sleep 0.02; done; exit 5', depends_on: [db] }
  web: { command: 'trap "touch crash; sleep 0.3; exit 0" TERM; touch up; while :; do sleep 0.02; done', depends_on: [api] }
  other: { ${sleeper} }
`;
    const run = runOrderly(t, { config });
    const { due_to } = await run.event('service.failed', { service: 'api' });
    assert.equal(due_to, 'db');
    await run.event('service.stopped', { service: 'web' });
    assert.ok(!run.events.some(({ type }) => type === 'shutdown.requested'));
    run.signal('SIGTERM');
    const end = await run.ended;
    const finished = end.events.at(-1);
    assert.ok(end.status === 1 && finished?.type === 'run.finished');
    assert.equal(finished.failure?.service, 'db');
    assert.deepEqual(finished.failure?.fell.map(({ service, how }) => `${service} ${how}`).sort(), [
      'api failed',
      'web stopped',
    ]);
  });
});
