/**
 * A shutdown with services and clean-ups that don't obey: it keeps its order and its budget, and says what it forced.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { programPath } from '../support/programs.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { assertOrder, story } from '../support/story.ts';

const ignoreTerm = programPath('e2e/ignore-term.sh');

const forcedBudget = `
services:
  db: { command: exec sleep 1000, cleanup: [echo db is clean] }
  api: { command: ${ignoreTerm}, ready: { log: stubborn }, depends_on: [db], cleanup: [echo api is clean] }
  web: { command: exec sleep 1000, depends_on: [api], cleanup: [echo web is clean] }
`;

const forcedEverywhere = `
services:
  a: { command: ${ignoreTerm}, ready: { log: stubborn } }
  b: { command: ${ignoreTerm}, ready: { log: stubborn }, depends_on: [a] }
  c: { command: ${ignoreTerm}, ready: { log: stubborn }, depends_on: [b] }
`;

const forcedCleanup = `
services:
  db: { command: exec sleep 1000, cleanup: [echo db is clean] }
  api:
    command: exec sleep 1000
    depends_on: [db]
    cleanup: [{ run: ${programPath('e2e/hang-in-a-group.sh')}, timeout: 400ms }, echo api is clean]
`;

const failedCleanup = `
services:
  api: { command: exec sleep 1000, cleanup: [exit 5, no-such-program-here, echo api is clean] }
`;

suite('a shutdown that has to force', { concurrency: 4, timeout: 20_000 }, () => {
  test('G2 G3 G4 G5 G8: SIGTERM is ignored under --budget 3s: killed in time, cleaned, status 3', async (t) => {
    const run = runOrderly(t, { config: forcedBudget, args: ['up', '--output', 'json', '--budget', '3s'] });
    await run.event('service.ready', { service: 'web' });
    const askedMs = performance.now();
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.ok(performance.now() - askedMs <= 4000);
    assert.equal(end.status, 3);
    const told = story(end.events);
    assertOrder(told, 'web stopping', 'web says web is clean', 'web stopped', 'api stopping', 'api killed');
    assertOrder(told, 'api killed', 'api exited', 'api says api is clean', 'api stopped', 'db stopping');
    assertOrder(told, 'db stopping', 'db exited', 'db says db is clean', 'db stopped', 'run finished');
    const { reason } = await run.event('service.killed', { service: 'api' });
    assert.match(reason, /--budget \(3 s\)/);
    assert.ok(!told.includes('db killed') && !told.includes('web killed'));
  });

  test('G4: a chain of three that ignore SIGTERM ends within the budget too', async (t) => {
    const run = runOrderly(t, {
      config: forcedEverywhere,
      args: ['up', '--output', 'json', '--budget', '2s'],
    });
    await run.event('service.ready', { service: 'c' });
    const askedMs = performance.now();
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.ok(performance.now() - askedMs <= 3000);
    assert.equal(end.status, 3);
    assert.deepEqual(story(end.events, 'service.killed', 'service.stopped'), [
      ...['c killed', 'c stopped', 'b killed', 'b stopped', 'a killed', 'a stopped'],
    ]);
  });

  test('the budget of the configuration is named where it made the kill', async (t) => {
    const config = `shutdown: { budget: 700ms }\n${forcedEverywhere}`;
    const run = runOrderly(t, { config, args: ['up', 'a'] });
    await run.line(/a: ready/);
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 3);
    assert.match(end.stderr.at(-1) ?? '', /"a" had to be killed: .*shutdown\.budget \(700 ms\)/);
  });

  test('a grace that fits is granted whole, and named', async (t) => {
    const config = `
services:
  a: { command: ${ignoreTerm}, ready: { log: stubborn }, stop: { grace: 300ms } }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready');
    run.signal('SIGTERM');
    const stopping = await run.event('service.stopping');
    const killed = await run.event('service.killed');
    assert.ok(killed.ms >= stopping.deadline_ms - 1);
    assert.match(killed.reason, /grace of 300 ms/);
    assert.equal((await run.ended).status, 3);
  });

  test('who is waited for, for how long, and when it is killed is said meanwhile', async (t) => {
    const config = `
shutdown: { budget: 28s }
services:
  slow: { command: ${ignoreTerm}, ready: { log: stubborn }, stop: { grace: 9s } }
`;
    const run = runOrderly(t, { config, args: ['up'] });
    await run.line(/slow: ready/);
    run.signal('SIGTERM');
    await run.line(/waiting for slow \(\d+ s, killed in \d+ s\)/);
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 3);
  });

  test('G3 G5: a clean-up that hangs is killed with its group at its timeout, the others run', async (t) => {
    const run = runOrderly(t, { config: forcedCleanup });
    await run.event('service.ready', { service: 'api' });
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 3);
    const hung = await run.event('service.cleanup', { service: 'api', timed_out: true });
    assert.ok(hung.took_ms >= 399);
    assertOrder(
      story(end.events),
      'api says api is clean',
      'api stopped',
      'db stopping',
      'db says db is clean',
    );
    assert.match(JSON.stringify(end.events.at(-1)), /clean-up of \\"api\\".*timeout of 400 ms/);
  });

  test('G3 G8: clean-ups that fail make status 3, are named, and the next ones still run', async (t) => {
    const run = runOrderly(t, { config: failedCleanup, args: ['up'] });
    await run.line(/api: ready/);
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 3);
    assert.ok(end.stdout.includes('api | api is clean'));
    assert.match(end.stderr.join('\n'), /api: clean-up failed: "exit 5".* exited with code 5/);
    assert.match(end.stderr.join('\n'), /api: clean-up failed: "no-such-program-here"/);
    assert.match(end.stderr.at(-1) ?? '', /a clean-up of "api" exited with code 5/);
  });
});

/** A clean-up of one branch that ends only once the other one is going down as well. */
const meet = 'until [ -e left ] && [ -e right ]; do sleep 0.02; done';

suite('the order of a shutdown', { concurrency: 4, timeout: 20_000 }, () => {
  test('G2: independent branches go down at the same time, each in its own order', async (t) => {
    const config = `
services:
  root: { command: exec sleep 1000 }
  left: { command: "trap 'touch left; exit 0' TERM; echo up; while :; do sleep 0.05; done", ready: { log: up }, depends_on: [root], cleanup: ["${meet}"] }
  right: { command: "trap 'touch right; exit 0' TERM; echo up; while :; do sleep 0.05; done", ready: { log: up }, depends_on: [root], cleanup: ["${meet}"] }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'left' });
    await run.event('service.ready', { service: 'right' });
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    const told = story(end.events);
    assertOrder(told, 'left stopped', 'root stopping');
    assertOrder(told, 'right stopped', 'root stopping');
  });
});
