/**
 * What runs before an instance, and services that somebody else runs, with real processes.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { programPath } from '../support/programs.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { story } from '../support/story.ts';

const logged = (events: readonly { readonly type: string }[]): readonly string[] =>
  events.flatMap((event) => (event.type === 'log' && 'text' in event ? [String(event.text)] : []));

suite('what runs before an instance', { concurrency: 4, timeout: 30_000 }, () => {
  test('G1 G3 runs in its order, with its environment, among its lines, and before a restart again', async (t) => {
    const config = `
services:
  api:
    command: 'echo api; test -e again && exec sleep 1000; touch again; exit 3'
    before: ['echo "make $WHAT"', [sh, -c, 'printf migrate']]
    env: { WHAT: it }
    restart: { delay: 10ms }
    ready: { log: api }
    cleanup: echo cleaned
  web: { command: exec sleep 1000, depends_on: [api] }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'web' });
    await run.event('service.ready', { service: 'api', attempt: 2 });
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    const once = ['make it', 'migrate', 'api', 'cleaned'];
    assert.deepEqual(logged(end.events), [...once, ...once]);
  });

  test('G8 one that fails is the failure of its service, and its last lines say why', async (t) => {
    const config = `
services:
  api:
    command: exec sleep 1000
    before: [echo fine, 'echo "no such table" >&2; exit 4', touch never]
    restart: no
    cleanup: touch cleaned
  web: { command: touch started, depends_on: [api] }
`;
    const run = runOrderly(t, { config, args: ['up'] });
    const end = await run.ended;
    assert.equal(end.status, 1);
    const told = end.stderr.join('\n');
    assert.match(told, /"api" failed: "echo .*", which runs before it, exited with code 4/);
    assert.match(told, /no such table/);
    assert.match(told, /"before" of "api"/);
    const made = ['never', 'started', 'cleaned'].filter((name) => existsSync(join(run.folder, name)));
    assert.deepEqual(made, ['cleaned']);
  });

  test('G4 a stop asks it with the stop signal of its service, and gives it that grace', async (t) => {
    const config = `
services:
  api:
    command: touch started
    before: "trap 'sleep 0.3; echo rolled back; exit 0' USR1; echo migrating; while :; do sleep 0.05; done"
    stop: { signal: SIGUSR1, target: main }
    cleanup: echo cleaned
`;
    const run = runOrderly(t, { config });
    await run.event('log', { text: 'migrating' });
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assert.deepEqual(logged(end.events), ['migrating', 'rolled back', 'cleaned']);
    assert.ok(!existsSync(join(run.folder, 'started')));
    assert.deepEqual(story(end.events, 'service.before', 'service.starting', 'service.exited'), [
      'api before',
      'api exited',
    ]);
  });

  test('G5 what it leaves in the background is gone before the next one begins', async (t) => {
    const config = `
services:
  api:
    command: exec sleep 1000
    before:
      - "setsid sh -c 'echo $$ > pid; exec sleep 1000' >/dev/null 2>&1 & until test -s pid; do sleep 0.01; done"
      - "kill -0 $(cat pid) 2>/dev/null && echo there || echo gone"
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'api' });
    run.signal('SIGTERM');
    assert.deepEqual(logged((await run.ended).events), ['gone']);
  });

  test('programs of the project are found, by what runs before and after it too', async (t) => {
    const tool = { 'node_modules/.bin/tool': '#!/bin/sh\necho tool "$@"\n' };
    const config = `
services:
  api:
    type: task
    command: [tool, it]
    cwd: below
    before: [tool before]
    cleanup: [[tool, after]]
`;
    const inside = ['sh', '-c', 'chmod +x node_modules/.bin/tool && exec "$@"', 'sh'];
    const files = { ...tool, 'below/x': '' };
    const { status, events } = await runOrderly(t, { config, files, inside }).ended;
    assert.deepEqual([status, logged(events)], [0, ['tool before', 'tool it', 'tool after']]);
    const run = runOrderly(t, { files, inside, args: ['run', '--', 'tool', 'alone'] });
    assert.deepEqual([(await run.ended).status, (await run.ended).stdout], [0, ['tool alone']]);
  });

  test('is told while it runs', async (t) => {
    const config = 'services: { api: { command: exec sleep 1000, before: [exec sleep 999] } }';
    const run = runOrderly(t, { config, args: ['up', '--output', 'json'] });
    await run.event('service.before', { service: 'api' });
    const client = (...args: readonly string[]) =>
      runOrderly(t, { args, cwd: run.folder, mayLeaveProcesses: true }).ended;
    const [ps, why] = await Promise.all([client('ps'), client('why', 'api')]);
    assert.match(ps.stdout.join('\n'), /api +starting/);
    assert.match(why.stdout.join('\n'), /runs "exec sleep 999" before it/);
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });
});

suite('services that somebody else runs', { concurrency: 4, timeout: 30_000 }, () => {
  const daemon = programPath('e2e/daemon.sh');

  test('G1 G2 G5 one is brought up, waited for, and taken down after what needs it', async (t) => {
    const config = `
services:
  db:
    type: external
    up: "echo up; ${daemon} &  until test -s pid; do sleep 0.01; done"
    down: kill "$(cat pid)"; while test -e pid; do sleep 0.01; done; echo down
    ready: { file: pid }
  api: { command: exec sleep 1000, depends_on: [db], cleanup: echo api is gone }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'api' });
    assert.ok(Number(readFileSync(join(run.folder, 'pid'), 'utf8')) > 1);
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assert.deepEqual(logged(end.events), ['up', 'api is gone', 'down']);
    assert.ok(!existsSync(join(run.folder, 'pid')));
  });

  test('G5 what it leaves that nothing takes down is stopped at the end', async (t) => {
    const config = `
services:
  db:
    type: external
    up: "${daemon} & until test -s pid; do sleep 0.01; done"
    ready: { file: pid }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'db' });
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });

  test('G8 one that does not come up is a failure, and is taken down', async (t) => {
    const config = `
services:
  db: { type: external, up: exit 5, down: echo down, ready: { file: pid }, restart: no }
`;
    const end = await runOrderly(t, { config }).ended;
    assert.equal(end.status, 1);
    assert.deepEqual(logged(end.events), ['down']);
  });

  test('one that is there already is waited for, and left as it is', async (t) => {
    const config = `
services:
  db: { type: external, ready: { file: there }, health: { file: there, interval: 50ms, failures: 1 } }
  api: { command: echo api, depends_on: [db], type: task }
`;
    const run = runOrderly(t, { config, files: { there: '' } });
    await run.event('service.completed', { service: 'api' });
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
    assert.ok(existsSync(join(run.folder, 'there')));
  });
});
