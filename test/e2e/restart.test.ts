/**
 * Restarts: after a pause, as often as allowed, each instance cleaned up before the next one.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { programPath } from '../support/programs.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { assertOrder, story } from '../support/story.ts';

const crashUntil = programPath('e2e/crash-until.sh');
const tell = programPath('e2e/tell-what-it-got.sh');

suite('restarts', { concurrency: 4, timeout: 20_000 }, () => {
  test('G1: a crash, a pause, ready again; its dependents run on', async (t) => {
    const config = `
services:
  db: { command: [${crashUntil}, "2"], ready: { log: steady }, restart: { delay: 50ms, jitter: 0 } }
  api: { command: exec sleep 1000, depends_on: [db] }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'api' });
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assert.deepEqual(
      story(end.events, 'service.starting', 'service.exited', 'service.backoff', 'service.ready'),
      [
        ...['db starting', 'db exited', 'db backoff'],
        ...['db starting', 'db exited', 'db backoff'],
        ...['db starting', 'db ready', 'api starting', 'api ready', 'api exited', 'db exited'],
      ],
    );
    const pauses = end.events.filter((event) => event.type === 'service.backoff');
    assert.deepEqual(
      pauses.map(({ delay_ms, failures, attempt }) => [delay_ms, failures, attempt]),
      [
        [50, 1, 1],
        [100, 2, 2],
      ],
    );
    for (const pause of pauses) {
      const next = await run.event('service.starting', { attempt: pause.attempt + 1 });
      assert.ok(next.ms - pause.ms >= pause.delay_ms - 1);
    }
  });

  test('G8: restarts that are used up are a failure for good, which says so', async (t) => {
    const config = `
services:
  db: { command: exec sleep 1000 }
  api: { command: [${crashUntil}, "9"], restart: { max: 2, delay: 10ms }, depends_on: [db] }
`;
    const end = await runOrderly(t, { config, args: ['up'] }).ended;
    assert.equal(end.status, 1);
    assert.match(end.stderr.at(-1) ?? '', /"api" failed: exited with code 3 .*restarted 2 times in a row/);
    assert.equal(end.stderr.filter((line) => /api: .*restarting in/.test(line)).length, 2);
  });

  test('one restart is told as one', async (t) => {
    const config = 'services: { a: { command: exit 3, restart: { max: 1, delay: 10ms } } }';
    const end = await runOrderly(t, { config, args: ['up'] }).ended;
    assert.match(end.stderr.at(-1) ?? '', /"a" failed: exited with code 3 .*restarted once/);
  });

  test('policy always starts a success again, policy no not even a failure', async (t) => {
    const config = `
services:
  again: { command: 'echo once more', restart: { policy: always, max: 0, delay: 10ms } }
  once: { command: exit 3, restart: "no", on_failure: ignore }
`;
    const run = runOrderly(t, { config });
    await run.event('service.starting', { service: 'again', attempt: 4 });
    await run.event('service.failed', { service: 'once', attempt: 1 });
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assert.equal(story(end.events, 'service.starting').filter((word) => word === 'once starting').length, 1);
  });

  test('G8: success_codes make a code a success', async (t) => {
    const config = `
services:
  job: { command: exit 3, restart: { success_codes: [0, 3] } }
  task: { type: task, command: exit 4, restart: { success_codes: [4] } }
  after: { type: task, command: echo after, depends_on: [task] }
`;
    const end = await runOrderly(t, { config }).ended;
    assert.equal(end.status, 0);
    const told = story(end.events);
    assertOrder(told, 'task completed', 'after starting');
    assert.ok(told.includes('job completed') && !told.includes('job backoff'));
  });

  test('a shutdown during the pause starts nothing again', async (t) => {
    const config = 'services: { a: { command: exit 3, restart: { delay: 20s } } }';
    const run = runOrderly(t, { config });
    await run.event('service.backoff');
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assert.equal(story(end.events, 'service.starting').length, 1);
  });

  test('dead by a signal is a failure, and is named', async (t) => {
    const config = 'services: { a: { command: kill -SEGV $$$$, restart: "no" } }';
    const end = await runOrderly(t, { config, args: ['up'] }).ended;
    assert.equal(end.status, 1);
    assert.match(end.stderr.at(-1) ?? '', /"a" failed: was killed by SIGSEGV/);
  });
});

suite('clean-ups', { concurrency: 4, timeout: 20_000 }, () => {
  test('G3: each instance gets exactly one pass, before the next one starts, and is told how it ended', async (t) => {
    const config = `
services:
  a:
    command: [${crashUntil}, "2"]
    ready: { log: steady }
    restart: { delay: 10ms }
    cleanup: [${tell}, echo second]
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready');
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    const told = story(end.events, 'service.starting', 'service.exited', 'service.cleanup');
    const pass = ['a starting', 'a exited', 'a cleanup', 'a cleanup'];
    assert.deepEqual(told, [...pass, ...pass, ...pass]);
    const said = story(end.events, 'log').filter((line) => line.includes('reason='));
    assert.match(said[0] ?? '', /^a says a#1 code=3 signal= reason=exited with code 3/);
    assert.match(said[1] ?? '', /^a says a#2 code=3 signal= reason=exited with code 3/);
    assert.match(said[2] ?? '', /^a says a#3 code= signal=SIGTERM reason=SIGTERM$/);
  });

  test('G3: a kill is told to the clean-up as SIGKILL', async (t) => {
    const config = `
services:
  a: { command: ${programPath('e2e/ignore-term.sh')}, ready: { log: stubborn }, stop: { grace: 100ms }, cleanup: [${tell}] }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready');
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.ok(story(end.events, 'log').includes('a says a#1 code= signal=SIGKILL reason=SIGTERM'));
  });

  test('G3: a success, a collapse and an isolation are told apart', async (t) => {
    const config = `
services:
  job: { type: task, command: 'true', cleanup: [${tell}] }
  down: { command: exec sleep 1000, depends_on: [job], cleanup: [${tell}] }
  broken: { command: 'exit 9', restart: "no", depends_on: [down], cleanup: [${tell}] }
`;
    const end = await runOrderly(t, { config }).ended;
    assert.equal(end.status, 1);
    const [job, broken, down] = story(end.events, 'log');
    assert.match(job ?? '', /^job says job#1 code=0 signal= reason=exited with code 0/);
    assert.match(broken ?? '', /^broken says broken#1 code=9 signal= reason=exited with code 9/);
    assert.match(
      down ?? '',
      /^down says down#1 code= signal=SIGTERM reason="broken" failed: exited with code 9/,
    );
  });

  test('a clean-up runs in the folder and with the environment of its service', async (t) => {
    const config = `
services:
  a: { type: task, command: 'true', cwd: sub, env: { COLOUR: teal }, cleanup: ['echo $COLOUR $(pwd)'] }
`;
    const run = runOrderly(t, { config, files: { 'sub/file': '' } });
    const end = await run.ended;
    assert.ok(story(end.events, 'log').includes(`a says teal ${run.folder}/sub`));
  });
});
