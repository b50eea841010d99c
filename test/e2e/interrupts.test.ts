/**
 * Signals: once is a clean end by that signal, twice kills but cleans up, three times gives everything up.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { programPath } from '../support/programs.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';
import { assertOrder, story } from '../support/story.ts';

/** Signals this near to each other count as one. */
const SAME_SIGNAL_MS = 300;

const okInterrupt = `
services:
  db: { command: exec sleep 1000, cleanup: [echo db is clean] }
  api: { command: exec sleep 1000, depends_on: [db], cleanup: [echo api is clean] }
`;

const forcedStop = `
services:
  db: { command: ${programPath('e2e/ignore-term.sh')}, ready: { log: stubborn }, cleanup: [echo db is clean] }
  api: { command: exec sleep 1000, depends_on: [db], cleanup: [echo api is clean] }
`;

const forcedAbandon = `
services:
  db: { command: exec sleep 1000, cleanup: [echo db is clean] }
  api:
    command: exec sleep 1000
    depends_on: [db]
    cleanup: [{ run: echo cleaning; exec sleep 1000, timeout: 1m }, touch never]
`;

/** As the shell behind a terminal sees it, whose status is that of its last command. */
const insideShell = ['sh', '-c', '"$@" & trap "kill -INT $!" USR1; wait; wait $!; echo "status $?"', 'sh'];

async function insist(run: OrderlyRun): Promise<void> {
  await sleep(SAME_SIGNAL_MS + 50);
  run.signal('SIGINT');
}

suite('signals', { concurrency: 4, timeout: 20_000 }, () => {
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    test(`G2 G3 G8: ${signal} stops in reverse order, cleans up, and ends by that signal`, async (t) => {
      const run = runOrderly(t, { config: okInterrupt });
      await run.event('service.ready', { service: 'api' });
      run.signal(signal);
      const end = await run.ended;
      assert.deepEqual([end.status, end.signal], [status, signal]);
      assert.deepEqual(
        story(
          end.events,
          'shutdown.requested',
          'service.stopping',
          'service.exited',
          'log',
          'service.stopped',
        ),
        [
          'shutdown requested',
          ...['api stopping', 'api exited', 'api says api is clean', 'api stopped'],
          ...['db stopping', 'db exited', 'db says db is clean', 'db stopped'],
        ],
      );
      assert.match(JSON.stringify(end.events.at(-1)), new RegExp(`"status":${status},"cause":"${signal}"`));
    });
  }

  test('SIGINT without a terminal leaves each its grace, as SIGTERM does', async (t) => {
    const config = `
shutdown: { interrupt_grace: 50ms }
services:
  db: { command: ${programPath('e2e/slow-end.sh')}, ready: { log: up } }
  api: { command: ${programPath('e2e/slow-end.sh')}, ready: { log: up }, depends_on: [db] }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'api' });
    run.signal('SIGINT');
    const end = await run.ended;
    assert.deepEqual([end.status, end.signal], [130, 'SIGINT']);
    assert.deepEqual(
      story(end.events, 'log').filter((line) => line.endsWith('saved')),
      ['api says saved', 'db says saved'],
    );
  });

  test('G8: a shell sees 130 after SIGINT', async (t) => {
    const run = runOrderly(t, { config: okInterrupt, inside: insideShell });
    await run.event('service.ready', { service: 'api' });
    run.signal('SIGUSR1');
    assert.equal((await run.line(/^status (\d+)/))[1], '130');
  });

  test('G3 G8: a second SIGINT kills what is left, clean-ups still run, status 3', async (t) => {
    const run = runOrderly(t, { config: forcedStop });
    await run.event('service.ready', { service: 'api' });
    run.signal('SIGINT');
    await run.event('service.stopping', { service: 'db' });
    await insist(run);
    const end = await run.ended;
    assert.deepEqual([end.status, end.signal], [3, null]);
    const told = story(end.events);
    assertOrder(told, 'api stopped', 'db stopping', 'shutdown escalated', 'db killed', 'db says db is clean');
    assertOrder(told, 'api says api is clean', 'db stopping', 'db cleanup', 'db stopped');
    const killed = await run.event('service.killed', { service: 'db' });
    assert.match(killed.reason, /told to stop again/);
  });

  test('two signals within 300 ms count as one', async (t) => {
    const run = runOrderly(t, { config: forcedStop, args: ['up', '--output', 'json', '--budget', '1s'] });
    await run.event('service.ready', { service: 'api' });
    run.signal('SIGINT');
    run.signal('SIGTERM');
    const { ms } = await run.event('shutdown.requested');
    run.signal('SIGINT');
    const end = await run.ended;
    const escalated = end.events.filter(({ type }) => type === 'shutdown.escalated');
    assert.deepEqual(
      escalated.filter((event) => event.ms - ms < SAME_SIGNAL_MS),
      [],
    );
    const killed = await run.event('service.killed', { service: 'db' });
    assert.match(killed.reason, /--budget/);
  });

  test('G3 G5 G8: a third SIGINT gives up the clean-ups, names them, and ends at once', async (t) => {
    const run = runOrderly(t, { config: forcedAbandon });
    await run.event('service.ready', { service: 'api' });
    run.signal('SIGINT');
    await run.event('log', { text: 'cleaning' });
    await insist(run);
    await run.event('shutdown.escalated', { level: 2 });
    await insist(run);
    const end = await run.ended;
    assert.equal(end.status, 3);
    const { ms } = await run.event('shutdown.escalated', { level: 3 });
    assert.ok(end.events.at(-1)!.ms - ms < 1000);
    // Nobody waits for anybody any more.
    const undone = (service: string) =>
      end.events.flatMap((event) =>
        event.type === 'service.cleanup' && event.service === service
          ? [[event.run, event.error !== undefined]]
          : [],
      );
    assert.deepEqual(undone('api'), [
      ['echo cleaning; exec sleep 1000', true],
      ['touch never', true],
    ]);
    assert.deepEqual(undone('db'), [['echo db is clean', true]]);
  });

  test('a third SIGINT names on stderr what it left undone', async (t) => {
    const run = runOrderly(t, { config: forcedAbandon, args: ['up'] });
    await run.line(/ready.*api|api: ready/);
    run.signal('SIGINT');
    await run.line(/^api \| cleaning/);
    await insist(run);
    await run.line(/told to stop again/);
    await insist(run);
    const end = await run.ended;
    assert.match(end.stderr.at(-1) ?? '', /^orderly: not stopped cleanly: /);
    const said = end.stderr.join('\n');
    for (const undone of ['touch never', 'echo db is clean']) {
      assert.match(said, new RegExp(`"${undone}": was given up: it never ran`));
    }
  });
});
