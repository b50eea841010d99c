/**
 * Signals at awkward moments, and signals that other programs die of: nothing is left behind either way.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { runOrderly } from '../support/run-orderly.ts';
import { assertOrder, story } from '../support/story.ts';

const okInterrupt = `
services:
  db: { command: exec sleep 1000, cleanup: [echo db is clean] }
  api: { command: exec sleep 1000, depends_on: [db], cleanup: [echo api is clean] }
`;

const slowStart = `
services:
  a: { command: exec sleep 1000, ready: { file: never }, cleanup: [echo a is clean] }
  b: { command: exec sleep 1000, depends_on: [a] }
`;

suite('signals that other programs die of', { concurrency: 4, timeout: 20_000 }, () => {
  for (const signal of ['SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGPIPE'] as const) {
    test(`G3 G5: ${signal} leaves nothing behind`, async (t) => {
      const run = runOrderly(t, { config: okInterrupt });
      await run.event('service.ready', { service: 'api' });
      run.signal(signal);
      run.signal('SIGTERM');
      const end = await run.ended;
      assertOrder(story(end.events), 'api stopped', 'db stopping', 'db says db is clean', 'run finished');
    });
  }
});

suite('signals during the start', { concurrency: 4, timeout: 20_000 }, () => {
  test('G2 G3: what is starting is stopped and cleaned up, what is pending never starts', async (t) => {
    const run = runOrderly(t, { config: slowStart });
    await run.event('service.starting', { service: 'a' });
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.deepEqual([end.status, end.signal], [143, 'SIGTERM']);
    const told = story(end.events);
    assertOrder(told, 'a starting', 'shutdown requested', 'a stopping', 'a says a is clean', 'a stopped');
    assert.ok(told.includes('b skipped') && !told.includes('b starting'));
  });

  for (const moment of ['run.started', 'service.pending'] as const) {
    test(`SIGTERM as early as ${moment} ends it by SIGTERM`, async (t) => {
      const run = runOrderly(t, { config: slowStart });
      await run.event(moment);
      run.signal('SIGTERM');
      const end = await run.ended;
      assert.deepEqual([end.status, end.signal], [143, 'SIGTERM']);
      assert.equal(end.events.at(-1)?.type, 'run.finished');
    });
  }

  test('SIGTERM before anything is said ends it by SIGTERM', async (t) => {
    const run = runOrderly(t, { config: slowStart });
    run.signal('SIGTERM');
    assert.equal((await run.ended).signal, 'SIGTERM');
  });
});
