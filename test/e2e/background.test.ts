/**
 * Commands that go to the background: told, with what of them was stopped and what to write instead.
 */
import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { freePorts } from '../support/example-ports.ts';
import { asPidOne, noNamespaces } from '../support/privileges.ts';
import { runOrderly } from '../support/run-orderly.ts';

suite('a command that goes to the background', { concurrency: 3, timeout: 30_000 }, () => {
  const shells = [
    ['a &', 'sleep 1000 & sleep 0.1', /^leave out the "&"/],
    ['a daemon in a session of its own', '(setsid sleep 1000 &) ; sleep 0.1', /^leave out the "&"/],
  ] as const;
  for (const [name, command, advice] of shells) {
    test(`G5: ${name} is named, stopped, and told what to write instead`, async (t) => {
      const config = `services: { web: { command: '${command}' }, api: { command: exec sleep 1000, depends_on: [web] } }`;
      const run = runOrderly(t, { config });
      const told = await run.event('service.background', { service: 'web' });
      assert.deepEqual(
        told.left.map((each) => each.command),
        ['sleep 1000'],
      );
      assert.match(told.advice, advice);
      const completed = await run.event('service.completed', { service: 'web' });
      assert.deepEqual(completed.needed_by, ['api']);
      run.signal('SIGTERM');
      await run.ended;
    });
  }

  test('what a task leaves behind is told as well, and children that end with their parent are not', async (t) => {
    const config = `
services:
  left: { type: task, command: 'sleep 1000 & sleep 0.1' }
  clean: { type: task, command: 'sleep 0.2 | sleep 0.1 | cat' }
`;
    const { events, status } = await runOrderly(t, { config }).ended;
    const told = events.flatMap((event) => (event.type === 'service.background' ? [event.service] : []));
    assert.deepEqual([told, status], [['left'], 0]);
  });

  // The daemon may listen before the command has ended: so being ready takes longer than that.
  const redis = async (t: TestContext, inside: readonly string[]) => {
    const env = await freePorts('CACHE_PORT');
    const config = `
process: { cgroup: 'off' }
services:
  db: { command: exec sleep 1000 }
  cache:
    command: [redis-server, --port, "\${CACHE_PORT}", --daemonize, "yes", --save, ""]
    ready: { all: [{ tcp: "\${CACHE_PORT}" }, { delay: 2s }], within: 5s }
    restart: { max: 1, delay: 200ms }
    depends_on: [db]
`;
    const { events, status } = await runOrderly(t, { config, env, inside }).ended;
    const told = events.filter((event) => event.type === 'service.background');
    assert.equal(told.length, 2);
    for (const event of told) assert.match(event.advice, /add "--daemonize no"/);
    assert.ok(
      !events.some((event) => event.type === 'service.note' && /not by this service/.test(event.text)),
    );
    assert.equal(status, 1);
  };

  test('G5: a daemon that overwrites its environment is its own, as PID 1', { skip: noNamespaces }, (t) =>
    redis(t, asPidOne),
  );

  test('G5: and where orphans are adopted without a cgroup', (t) => redis(t, []));
});
