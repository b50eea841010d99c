/**
 * How one service is stopped: by its own signal or command, and everything it left behind with it.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { programPath } from '../support/programs.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { assertOrder, story } from '../support/story.ts';

const saySignal = programPath('e2e/say-signal.js');

suite('asking a service to stop', { concurrency: 4, timeout: 20_000 }, () => {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGUSR1', 'INT']) {
    test(`stop.signal: ${signal} is what it gets`, async (t) => {
      const config = `
services:
  a: { command: [${saySignal}], ready: { log: up }, stop: { signal: ${signal} } }
`;
      const run = runOrderly(t, { config });
      await run.event('service.ready');
      run.signal('SIGTERM');
      const end = await run.ended;
      assert.equal(end.status, 143);
      const name = signal.startsWith('SIG') ? signal : `SIG${signal}`;
      assertOrder(story(end.events), 'a stopping', `a says got ${name}`, 'a exited', 'a stopped');
    });
  }

  test('stop.command runs instead of the signal', async (t) => {
    const config = `
services:
  a:
    command: "trap 'echo got TERM' TERM; until test -e bye; do sleep 0.02; done; echo obeyed"
    ready: { delay: 100ms }
    stop: { command: touch bye }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready');
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assert.deepEqual(story(end.events, 'log'), ['a says obeyed']);
  });

  test('G4: a stop.command that hangs ends with the grace, one that fails gives way to the signal', async (t) => {
    const config = `
services:
  hangs: { command: exec sleep 1000, stop: { command: exec sleep 1000, grace: 300ms } }
  fails: { command: exec sleep 1000, stop: { command: exit 1, grace: 20s } }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'hangs' });
    await run.event('service.ready', { service: 'fails' });
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 3);
    assertOrder(story(end.events), 'hangs stopping', 'hangs killed', 'hangs stopped');
    assertOrder(story(end.events), 'fails stopping', 'fails note', 'fails exited', 'fails stopped');
    assert.ok(!story(end.events).includes('fails killed'));
  });

  for (const target of ['group', 'main'] as const) {
    const who = target === 'group' ? 'every process of its group' : 'the main process alone';
    test(`stop.target: ${target} signals ${who}`, async (t) => {
      const config = `
services:
  a:
    command: [${programPath('e2e/ask-child.sh')}]
    ready: { file: child }
    stop: { target: ${target} }
`;
      const run = runOrderly(t, { config });
      await run.event('service.ready');
      run.signal('SIGTERM');
      const end = await run.ended;
      assert.equal(end.status, 143);
      const child = story(end.events, 'log').filter((line) => line.includes('child'));
      assert.deepEqual(child, [`a says child asked by ${target === 'group' ? 'SIGTERM' : 'main'}`]);
    });
  }

  test('notify: node gets the message shutdown before the signal', async (t) => {
    const program = `
process.on('message', (message) => { console.log('message', message); process.exit(0); });
process.send('ready');
`;
    const config = 'services: { a: { command: [node, program.mjs], ready: { notify: node } } }';
    const run = runOrderly(t, { config, files: { 'program.mjs': program } });
    await run.event('service.ready');
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assert.deepEqual(story(end.events, 'log'), ['a says message shutdown']);
  });
});

suite('what a service leaves behind', { concurrency: 4, timeout: 20_000 }, () => {
  test('G2 G5: a child that outlives its leader is stopped before dependencies are', async (t) => {
    const config = `
services:
  db: { command: exec sleep 1000 }
  api:
    command: [${programPath('e2e/leave-child.sh')}]
    ready: { log: up }
    stop: { target: main }
    depends_on: [db]
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'api' });
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assertOrder(story(end.events), 'api stopping', 'api exited', 'api stopped', 'db stopping');
  });

  test('G5: a daemon in a session of its own is stopped with its service', async (t) => {
    const config = `services: { a: { command: [${programPath('leave-daemon.sh')}], ready: { log: '(?<pid>\\d+)' } } }`;
    const run = runOrderly(t, { config });
    const { values } = await run.event('service.ready');
    assert.ok(Number(values.pid) > 0);
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });

  test('G5 G8: a daemon that ignores SIGTERM is killed, and the shutdown was not clean', async (t) => {
    const config = `
services:
  a:
    command: [${programPath('leave-stubborn-daemon.sh')}]
    ready: { log: '\\d' }
    stop: { grace: 400ms }
    restart: "no"
  b: { command: exec sleep 1000 }
`;
    const run = runOrderly(t, { config });
    await run.event('service.killed', { service: 'a' });
    await run.event('service.completed', { service: 'a' });
    run.signal('SIGTERM');
    const end = await run.ended;
    assertOrder(story(end.events), 'a exited', 'a killed', 'a completed', 'shutdown requested');
  });

  test('G5: children of a service that crashed are gone before its next instance starts', async (t) => {
    const config = `
services:
  a:
    command: 'sleep 1000 & echo $! >> children; test $(wc -l < children) -gt 1 && echo steady && wait; exit 3'
    ready: { log: steady }
    restart: { delay: 10ms }
    cleanup: ['for pid in $(cat children); do grep ^State /proc/$pid/status; done; true']
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { attempt: 2 });
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assert.deepEqual(
      story(end.events, 'log').filter((line) => /State:\s+[^ZX]/.test(line)),
      [],
    );
  });
});
