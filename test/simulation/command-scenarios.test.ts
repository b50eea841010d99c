/**
 * Whole stories of a graph that is commanded, as the contract of commands tells them, on the virtual clock.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HealthConfig } from '../../src/config/types.ts';
import {
  asked,
  chain,
  code,
  completed,
  plot,
  restart,
  restarting,
  run,
  service,
  settled,
  signal,
  story,
  task,
} from '../support/commanding.ts';
import { sampleEdge } from '../support/sample-config.ts';
import { eventsOf } from '../support/simulated-lives.ts';

test('X1 stop db, then start db: what went along comes back', async () => {
  const seen = await run(chain(), [asked(1000, 'stop', 'db'), asked(2000, 'start', 'db')]);
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [web api db]',
    ...['web.asked', 'web.stopped', 'api.asked', 'api.stopped', 'db.asked', 'db.stopped'],
    'r1 reached',
    'r2 accepted [db api web]',
    ...['db.up', 'db.ready', 'r2 reached', 'api.up', 'api.ready', 'web.up', 'web.ready'],
  ]);
  assert.equal(seen.outcome.status, 143);
});

test('X2 stop db, stop api, start db: what was stopped by name stays', async () => {
  const seen = await run(chain(), [
    asked(1000, 'stop', 'db'),
    asked(1500, 'stop', 'api'),
    asked(2000, 'start', 'db'),
  ]);
  assert.deepEqual(plot(seen, 1500), [
    'r2 accepted [web api]',
    'r2 reached',
    'r3 accepted [db]',
    ...['db.up', 'db.ready', 'r3 reached'],
  ]);
});

test('X3 restart db: who keeps runs on, and is told that it uses an old port', async () => {
  const port = [{ service: 'db', value: 'port' }];
  const services = [
    service('db'),
    service('api', ['db'], { env: { DB_PORT: port } }),
    service('web', ['api']),
  ];
  const seen = await run(services, [asked(1000, 'restart', 'db')], (name, attempt) =>
    name === 'db' ? { values: { port: String(5000 + attempt) } } : {},
  );
  assert.deepEqual(plot(seen, 1000), ['r1 accepted [db]', 'db.asked', 'db.up', 'db.ready', 'r1 reached']);
  const [note] = eventsOf(seen, 'service.note');
  assert.match(note?.text ?? '', /^still uses "5001" for \$\{db.port\}, which "db" has changed to "5002"/);
});

test('X4 restart db with those whose edges react: they go first, and come back', async () => {
  const services = [service('db'), service('api', [restarting('db')]), service('web', [restarting('api')])];
  const seen = await run(services, [asked(1000, 'restart', 'db')]);
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [db]',
    ...['web.asked', 'api.asked', 'db.asked', 'db.up', 'db.ready'],
    ...['api.up', 'api.ready', 'web.up', 'web.ready', 'r1 reached'],
  ]);
});

test('X5 a stop of db while it starts replaces the start of web, and asks db at once', async () => {
  const seen = await run(
    chain(),
    [asked(1000, 'stop', 'db'), asked(2000, 'start', 'web'), asked(2100, 'stop', 'db')],
    (name, attempt) => (name === 'db' && attempt === 2 ? { readyAfterMs: 5000 } : {}),
  );
  assert.deepEqual(
    plot(seen, 2000),
    [
      'r2 accepted [db api web]',
      'db.up',
      'r3 accepted [web api db]',
      'r2 replaced by r3',
      ...['api.stopped', 'web.stopped', 'db.asked', 'db.stopped'].toSorted(),
      'r3 reached',
    ].toSorted((a, b) => order(a, seen) - order(b, seen)),
  );
  assert.equal(eventsOf(seen, 'service.starting').filter((event) => event.service === 'api').length, 1);
});

function order(line: string, seen: Awaited<ReturnType<typeof run>>): number {
  return plot(seen, 2000).indexOf(line);
}

test('X6 a start while db is stopping: one signal, and a new instance after it', async () => {
  const seen = await run(
    chain(),
    [asked(1000, 'stop', 'db', { noDeps: true }), asked(2000, 'start', 'db')],
    (name, attempt) => (name === 'db' && attempt === 1 ? { obeysAfterMs: 'never' } : {}),
  );
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [db]',
    'db.asked',
    'r2 accepted [db]',
    'r1 replaced by r2',
    ...['db.killed', 'db.up', 'db.ready', 'r2 reached'],
  ]);
  assert.equal(eventsOf(seen, 'service.killed')[0]?.ms, 6000);
  assert.deepEqual(eventsOf(seen, 'service.backoff'), []);
  assert.equal(seen.log.filter(({ what, service: of }) => what === 'ask' && of === 'db').length, 3 - 1);
});

test('X7 three restarts: while it stops, and while the next one starts', async () => {
  const seen = await run(
    chain(),
    [asked(1000, 'restart', 'api'), asked(1100, 'restart', 'api'), asked(1250, 'restart', 'api')],
    (name) => (name === 'api' ? { obeysAfterMs: 200, readyAfterMs: 500 } : {}),
  );
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [api]',
    'api.asked',
    'r2 accepted [api]',
    'api.up',
    'r3 accepted [api]',
    ...['api.asked', 'api.up', 'api.ready'],
    ...['r1 reached', 'r2 reached', 'r3 reached'],
  ]);
  assert.equal(eventsOf(seen, 'service.starting').filter((event) => event.service === 'api').length, 3);
});

test('X8 a stop in the back-off leaves no timer, and a start counts from the beginning', async () => {
  const services = [service('api', [], restart({ delayMs: 8000, max: 5 }))];
  const seen = await run(
    services,
    [asked(3000, 'stop', 'api'), asked(20_000, 'start', 'api')],
    (_, attempt) =>
      attempt === 1
        ? { endsAfterMs: 1000, exit: code(1) }
        : attempt === 2
          ? { endsAfterMs: 20, exit: code(1) }
          : {},
  );
  assert.deepEqual(story(seen, 1000), [
    'api.exited',
    'api.backoff',
    'r1 accepted [api]',
    'api.stopped',
    'r1 reached',
    'r2 accepted [api]',
    'api.pending',
    ...['api.up', 'api.ready', 'r2 reached', 'api.exited', 'api.backoff', 'api.up', 'api.ready'],
  ]);
  const [, second] = eventsOf(seen, 'service.backoff');
  assert.deepEqual([second?.failures, second?.restarts?.used], [1, 1]);
});

test('X9 a crash and a stop in one moment: what was first decides', async () => {
  const crash = () => ({ endsAfterMs: 1000, exit: code(1) });
  const crashed = await run([service('api')], [asked(1000, 'stop', 'api')], crash);
  assert.deepEqual(story(crashed, 1000), [
    ...['api.exited', 'r1 accepted [api]', 'api.stopped', 'r1 reached'],
  ]);
  assert.equal(eventsOf(crashed, 'service.exited')[0]?.asked, false);
  const stopped = await run([service('api')], [asked(1000, 'stop', 'api')]);
  assert.deepEqual(story(stopped, 1000), [
    ...['r1 accepted [api]', 'api.asked', 'api.exited', 'api.stopped', 'r1 reached'],
  ]);
});

test('X10 a restart while it ends for its health merges into that end', async () => {
  const timing = { timeoutMs: 400, intervalMs: 500, successes: 1 };
  const check = { kind: 'exec', command: { kind: 'shell', script: 'check api' } } as const;
  const condition = { ...check, ...timing, withinMs: undefined };
  const health: HealthConfig = { condition, ...timing, failures: 1, onFailure: 'restart' };
  const services = [service('api', [], { health, ...restart({ delayMs: 60_000 }) })];
  const bad = { afterMs: 1, end: code(1) };
  const seen = await run(services, [asked(2000, 'restart', 'api')], () => ({ obeysAfterMs: 3000 }), {
    commands: { 'check api': [bad, { afterMs: 1, end: code(0) }] },
  });
  assert.deepEqual(plot(seen, 100), [
    ...['api.unhealthy', 'api.asked', 'r1 accepted [api]', 'api.up', 'api.ready', 'r1 reached'],
  ]);
  assert.equal(seen.log.filter(({ what }) => what === 'ask').length, 2);
});

test('X11 an isolated failure is mended: what had fallen with it comes back, and the status forgets it', async () => {
  const services = [
    service('db', [], { onFailure: 'isolate', ...restart({ policy: 'no' }) }),
    service('api', ['db']),
    service('web', ['api']),
    service('other'),
  ];
  const seen = await run(services, [asked(5000, 'start', 'db'), signal(9000, 'SIGINT')], (name, attempt) =>
    name === 'db' && attempt === 1 ? { endsAfterMs: 1000, exit: code(1) } : {},
  );
  assert.deepEqual(plot(seen, 1000, 5000), [
    ...['web.asked', 'db.failed', 'web.stopped', 'api.asked', 'api.stopped'],
  ]);
  assert.deepEqual(plot(seen, 5000, 9000), [
    'r1 accepted [db]',
    ...['db.up', 'db.ready', 'r1 reached', 'api.up', 'api.ready', 'web.up', 'web.ready'],
  ]);
  assert.equal(seen.outcome.status, 130);
});

test('X12 a restart with a mistake fails, and takes nobody along', async () => {
  const services = [service('db'), service('api', ['db'], restart({ max: 2 })), service('web', ['api'])];
  const seen = await run(services, [asked(1000, 'restart', 'api')], (name, attempt) =>
    name === 'api' && attempt > 1 ? { readyAfterMs: 'never', endsAfterMs: 5, exit: code(1) } : {},
  );
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [api]',
    ...['api.asked', 'api.up', 'api.backoff', 'api.up', 'api.backoff', 'api.up'],
    ...['api.failed', 'r1 failed'],
  ]);
  assert.equal(eventsOf(seen, 'shutdown.requested')[0]?.cause.kind, 'signal');
  assert.match(
    settled(seen, 'r1')?.why ?? '',
    /^"api" failed: exited with code 1 .* restarted 2 times in a row$/,
  );
});

test('X13 a restart that can not start is refused, and what runs runs on', async () => {
  const foresee = (name: string) => (name === 'api' ? 'Cannot start "api": no such command' : undefined);
  const seen = await run(chain(), [asked(1000, 'restart', 'api')], undefined, { foresee });
  assert.deepEqual(story(seen, 1000), ['r1 refused: cannot-start']);
});

test('X14 an edge that reacts after a while: a short absence goes unnoticed, a long one does not', async () => {
  const cache = sampleEdge('cache', { optional: true, onLoss: { act: 'restart', afterMs: 5000 } });
  const services = [service('cache'), service('api', [cache])];
  const seen = await run(
    services,
    [asked(1000, 'restart', 'cache'), asked(20_000, 'restart', 'cache')],
    (name, attempt) => (name === 'cache' ? { readyAfterMs: [10, 2980, 6980][attempt - 1]! } : {}),
  );
  assert.deepEqual(plot(seen, 1000, 20_000), [
    'r1 accepted [cache]',
    ...['cache.asked', 'cache.up', 'cache.ready', 'r1 reached'],
  ]);
  assert.deepEqual(plot(seen, 20_000), [
    'r2 accepted [cache]',
    ...['cache.asked', 'cache.up', 'api.asked', 'cache.ready', 'r2 reached', 'api.up', 'api.ready'],
  ]);
  assert.equal(eventsOf(seen, 'service.stopping').find((event) => event.service === 'api')?.ms, 25_000);
});

test('X15 a task that is stopped while it runs is waited for, and the run stays open', async () => {
  const services = [task('migrate'), service('api', [completed('migrate')])];
  const seen = await run(
    services,
    [asked(1000, 'stop', 'migrate'), asked(50_000, 'start', 'migrate')],
    (name, attempt) => (name === 'migrate' ? { endsAfterMs: attempt === 1 ? 'never' : 100 } : {}),
  );
  assert.deepEqual(story(seen, 1000), [
    'r1 accepted [migrate]',
    ...['api.pending', 'migrate.asked', 'migrate.exited', 'migrate.stopped', 'r1 reached'],
    'r2 accepted [migrate]',
    ...['migrate.pending', 'migrate.up', 'migrate.exited', 'migrate.completed', 'r2 reached'],
    ...['api.up', 'api.ready'],
  ]);
  const told = eventsOf(seen, 'service.pending').findLast((event) => event.service === 'api');
  assert.equal(told?.waiting_for[0]?.stopped_by, 'r1');
});
