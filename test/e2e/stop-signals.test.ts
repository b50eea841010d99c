/**
 * The stop signals of base images, and other signals that engines and people send to PID 1: obeyed, passed on, or told.
 */
import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { asPidOne, noNamespaces, pidOneOf } from '../support/privileges.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';

/** Without a terminal, whoever runs the tests. */
const inside = ['setsid', ...asPidOne];
const slow = `
services:
  db: { command: 'trap "sleep 2.5; echo saved; exit" TERM; echo up; while :; do sleep 0.05; done', ready: { log: up } }
`;
const okUp = "services: { app: { command: 'echo up; exec sleep 1000', ready: { log: up } } }";

/** By name, and the number of it on Linux. */
const IMAGES = [
  ['SIGUSR1', 10],
  ['SIGWINCH', 28],
  ['SIGPWR', 30],
  ['SIGRTMIN+3', 37],
] as const;

/** `orderly run` with a shell that says which signal it got, by name or number, and ends with 40. */
function runTelling(t: TestContext, args: readonly string[] = []): OrderlyRun {
  const names = ['HUP', 'USR1', 'USR2', 'WINCH', 'PWR', 'QUIT', 'INT', 'TERM', '37'];
  const traps = names.map((name) => `trap 'echo got ${name}; exit 40' ${name}`).join('; ');
  const script = `${traps}; echo up; while :; do sleep 0.05; done`;
  return runOrderly(t, { args: ['run', ...args, '--', 'sh', '-c', script], inside });
}

suite('signals to PID 1 without a terminal', { concurrency: 4, timeout: 30_000, skip: noNamespaces }, () => {
  test('SIGINT is the stop signal of an image there: the whole budget, and status 130', async (t) => {
    const run = runOrderly(t, { config: slow, inside });
    await run.event('service.ready');
    process.kill(pidOneOf(run.pid), 'SIGINT');
    assert.equal((await run.event('shutdown.requested')).budget_ms, 9000);
    await run.event('log', { text: 'saved' });
    assert.equal((await run.ended).status, 130);
  });

  for (const [name, number] of IMAGES) {
    test(`up obeys ${name}, the stop signal of an image, and says so`, async (t) => {
      const run = runOrderly(t, { config: okUp, inside });
      await run.event('service.ready');
      process.kill(pidOneOf(run.pid), number);
      const { text } = await run.event('run.note');
      assert.ok(text.startsWith(`${name} came, which can only be the stop signal`), text);
      assert.equal((await run.ended).status, 143);
    });
  }

  for (const [name, number] of [
    ['SIGUSR2', 12],
    ['SIGRTMIN+20', 54],
  ] as const) {
    test(`up tells of ${name} once, which stops nothing, with the remedy`, async (t) => {
      const run = runOrderly(t, { config: okUp, inside });
      await run.event('service.ready');
      for (let times = 0; times < 3; times++) process.kill(pidOneOf(run.pid), number);
      await run.event('run.note');
      process.kill(pidOneOf(run.pid), 'SIGTERM');
      const end = await run.ended;
      assert.equal(end.status, 143);
      const notes = end.events.flatMap((event) => (event.type === 'run.note' ? [event.text] : []));
      assert.equal(notes.length, 1);
      assert.match(notes[0] ?? '', new RegExp(`^${name.replace('+', '\\+')} came.*STOPSIGNAL SIGTERM`));
    });
  }

  for (const [name, number] of [
    ['HUP', 1],
    ['USR1', 10],
    ['USR2', 12],
    ['WINCH', 28],
    ['PWR', 30],
    ['37', 37],
    ['QUIT', 3],
    ['INT', 2],
    ['TERM', 15],
  ] as const) {
    test(`G8: run gives signal ${name} to the command, and ends with its code`, async (t) => {
      const run = runTelling(t);
      await run.line(/^up$/);
      process.kill(pidOneOf(run.pid), number);
      const end = await run.ended;
      assert.deepEqual([end.status, end.stdout], [40, ['up', `got ${name}`]]);
    });
  }

  test('run obeys the stop signal of an image while what the command needs is starting', async (t) => {
    const config = "services: { db: { command: 'echo begun; exec sleep 1000', ready: { log: never } } }";
    const run = runOrderly(t, { config, args: ['run', '--needs', 'db', '--', 'true'], inside });
    await run.line(/begun/);
    process.kill(pidOneOf(run.pid), 'SIGUSR1');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assert.match(end.stderr.join('\n'), /stopping: SIGTERM/);
  });
});
