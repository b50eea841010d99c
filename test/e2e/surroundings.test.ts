/**
 * Where orderly runs: as PID 1, under npm, and without its parent.
 */
import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { orderlyBin } from '../support/orderly-bin.ts';
import { programPath } from '../support/programs.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';
import { assertOrder, story } from '../support/story.ts';

const okPid1 = `
services:
  db: { command: exec sleep 1000, cleanup: [echo db is clean] }
  api: { command: [${programPath('leave-daemon.sh')}], ready: { log: '\\d' }, depends_on: [db] }
`;

const forcedPid1 = `
services:
  db: { command: ${programPath('e2e/ignore-term.sh')}, ready: { log: stubborn }, cleanup: [echo db is clean] }
`;

/** orderly as the first process of a namespace; SIGUSR1 to the shell before it becomes SIGTERM for it. */
const asPid1 = [
  ...['sh', '-c'],
  'unshare --pid --fork --mount-proc "$@" & trap "pkill -TERM -P $!" USR1; wait; wait $!; echo "status $?"',
  'sh',
];

suite('as PID 1', { concurrency: 4, timeout: 20_000 }, () => {
  test('G2 G3 G5 G8: SIGTERM ends it in order, with status 143', async (t) => {
    const run = runOrderly(t, { config: okPid1, inside: asPid1 });
    const { pid } = await run.event('run.started');
    assert.equal(pid, 1);
    await run.event('service.ready', { service: 'api' });
    run.signal('SIGUSR1');
    const end = await run.ended;
    assert.equal(end.stdout.at(-1), 'status 143');
    const told = story(end.events);
    assertOrder(told, 'api stopping', 'api stopped', 'db stopping', 'db says db is clean', 'db stopped');
    const requested = end.events.find((event) => event.type === 'shutdown.requested');
    assert.equal(requested?.budget_ms, 9000);
  });

  test('in Kubernetes the budget is that of Kubernetes', async (t) => {
    const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
    const run = runOrderly(t, { config: okPid1, inside: asPid1, env });
    await run.event('service.ready', { service: 'api' });
    run.signal('SIGUSR1');
    assert.equal((await run.event('shutdown.requested')).budget_ms, 28_000);
    await run.ended;
  });

  test('G4 G8: what ignores SIGTERM is killed within the budget: status 3, cleaned', async (t) => {
    const args = ['up', '--output', 'json', '--budget', '2s'];
    const run = runOrderly(t, { config: forcedPid1, inside: asPid1, args });
    await run.event('service.ready');
    const askedMs = performance.now();
    run.signal('SIGUSR1');
    const end = await run.ended;
    assert.ok(performance.now() - askedMs <= 3000);
    assert.equal(end.stdout.at(-1), 'status 3');
    assertOrder(story(end.events), 'db killed', 'db says db is clean', 'db stopped', 'run finished');
  });

  test('a run that is done ends the container with 0', async (t) => {
    const config = 'services: { a: { type: task, command: echo x } }';
    const end = await runOrderly(t, { config, inside: asPid1 }).ended;
    assert.equal(end.stdout.at(-1), 'status 0');
  });
});

const okNpm = `
services:
  db: { command: exec sleep 1000, cleanup: [sleep 0.5, echo db is clean] }
  api: { command: exec sleep 1000, depends_on: [db] }
`;

/** `npm run dev` in a process group of its own. The shell before it passes signals on: INT to the group, USR1 as TERM to npm. */
function runUnderNpm(t: TestContext): OrderlyRun {
  const dev = `${process.execPath} ${orderlyBin} up --output json`;
  return runOrderly(t, {
    config: okNpm,
    files: { 'package.json': JSON.stringify({ scripts: { dev } }) },
    inside: [
      ...['sh', '-c'],
      'setsid npm run dev & trap "kill -INT -$!" INT; trap "kill -TERM $!" USR1; wait; wait $!; wait $!; echo "status $?"',
    ],
  });
}

suite('under npm', { concurrency: 4, timeout: 20_000 }, () => {
  test('G3 G8: SIGINT to the whole process group counts once', async (t) => {
    const run = runUnderNpm(t);
    await run.event('service.ready', { service: 'api' });
    run.signal('SIGINT');
    const { status } = await run.event('run.finished');
    assert.equal(status, 130);
    assert.ok(run.events.every(({ type }) => type !== 'shutdown.escalated'));
    assertOrder(story(run.events), 'api stopped', 'db stopping', 'db says db is clean', 'run finished');
    await run.ended;
  });

  test('G3 G5: when npm is ended, orderly ends too, with its services', async (t) => {
    const run = runUnderNpm(t);
    await run.event('service.ready', { service: 'api' });
    run.signal('SIGUSR1');
    const { cause } = await run.event('shutdown.requested');
    assert.equal(cause.kind, 'parent-gone');
    const { status } = await run.event('run.finished');
    assert.equal(status, 0);
    assertOrder(story(run.events), 'api stopped', 'db stopping', 'db says db is clean', 'run finished');
    await run.ended;
  });
});
