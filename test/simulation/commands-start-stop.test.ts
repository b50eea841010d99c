/**
 * SA and SO of the contract of commands, a test a sentence: what a start and a stop mean, in every state.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  asked,
  chain,
  code,
  completed,
  crash,
  ignored,
  outcomes,
  plot,
  restart,
  run,
  service,
  settled,
  signal,
  statesAt,
  story,
  task,
} from '../support/commanding.ts';
import { sampleEdge } from '../support/sample-config.ts';
import { eventsOf } from '../support/simulated-lives.ts';

const detached = { options: { isDetached: true } } as const;

test('SA-1 a start gives a wish to what is named and to each need that is down, and to nothing else', async () => {
  const services = [service('db'), service('api', ['db']), service('web', ['api']), service('other')];
  const seen = await run(services, [asked(1000, 'stop', 'api other'), asked(2000, 'start', 'web')]);
  const wanted = eventsOf(seen, 'service.wanted').filter(({ request }) => request === 'r2');
  assert.deepEqual(
    wanted.map(({ service: of }) => of),
    ['api', 'web'],
  );
  assert.equal(statesAt(seen, 5000), 'api ready#2, db ready#1, other stopped#1, web ready#2');
});

test('SA-2 a completed task runs again only if it is named', async () => {
  const services = [task('migrate'), service('api', [completed('migrate')])];
  const behave = (name: string) => (name === 'migrate' ? { endsAfterMs: 50 } : {});
  const seen = await run(
    services,
    [
      asked(1000, 'restart', 'api'),
      asked(2000, 'stop', 'api'),
      asked(3000, 'start', 'api'),
      asked(4000, 'start', 'migrate'),
    ],
    behave,
  );
  assert.equal(statesAt(seen, 3900), 'api ready#3, migrate completed#1');
  assert.equal(statesAt(seen, 5000), 'api ready#3, migrate completed#2');
});

test('SA-2 a completed service is started again as a need', async () => {
  const services = [service('db'), service('api', ['db'])];
  const seen = await run(services, [asked(1000, 'start', 'api')], (name, attempt) =>
    name === 'db' && attempt === 1 ? { endsAfterMs: 500, exit: code(0) } : {},
  );
  assert.equal(statesAt(seen, 900), 'api ready#1, db completed#1');
  assert.equal(statesAt(seen, 5000), 'api ready#1, db ready#2');
});

test('SA-3 a need that failed, waits to be restarted, or was stopped by a person starts again', async () => {
  const services = [
    service('failed', [], ignored),
    service('waits', [], restart({ delayMs: 60_000 })),
    service('stopped'),
    service('api', ['failed', 'waits', 'stopped'], ignored),
  ];
  const seen = await run(
    services,
    [asked(1000, 'stop', 'stopped'), asked(2000, 'start', 'api')],
    (name, attempt) => (attempt === 1 && (name === 'failed' || name === 'waits') ? crash(500) : {}),
  );
  assert.deepEqual(
    eventsOf(seen, 'request.accepted')[1]?.plan.map((change) => change.service),
    [...['failed', 'waits', 'stopped', 'api']],
  );
  assert.equal(statesAt(seen, 5000), 'api ready#2, failed ready#2, stopped ready#2, waits ready#2');
});

test('SA-4 what optional edges lead to starts too, unless a person stopped it', async () => {
  const optional = (name: string) => sampleEdge(name, { optional: true });
  const services = [
    service('cache', [], ignored),
    service('queue'),
    service('api', [optional('cache'), optional('queue')]),
  ];
  const seen = await run(
    services,
    [asked(1000, 'stop', 'queue'), asked(1100, 'stop', 'api'), asked(2000, 'start', 'api')],
    (name, attempt) => (name === 'cache' && attempt === 1 ? crash(500) : {}),
  );
  assert.equal(statesAt(seen, 5000), 'api ready#2, cache ready#2, queue stopped#1');
});

test('SA-5 a start while it waits to be restarted ends the delay', async () => {
  const seen = await run(
    [service('api', [], restart({ delayMs: 60_000 }))],
    [asked(2000, 'start', 'api')],
    (_, attempt) => (attempt === 1 ? crash(1000) : {}),
  );
  assert.deepEqual(plot(seen, 1500), ['r1 accepted [api]', 'api.up', 'api.ready', 'r1 reached']);
});

test('SA-6 SA-8 a start of the named alone passes over no edge, and fails if one can not hold', async () => {
  const seen = await run(chain(), [asked(1000, 'stop', 'db'), asked(2000, 'start', 'api', { noDeps: true })]);
  assert.equal(statesAt(seen, 9000), 'api pending#1, db stopped#1, web stopped#1');
  assert.deepEqual(outcomes(seen).slice(0, 2), [
    'r1 reached',
    'r2 failed: "api" waits for "db": request r1 stops it',
  ]);
});

test('SA-7 a start is reached when all that it names are ready, or have completed', async () => {
  const services = [service('db'), task('job', ['db'])];
  const seen = await run(services, [asked(0, 'start', 'db job')], (name) =>
    name === 'job' ? { endsAfterMs: 3000 } : { readyAfterMs: 500 },
  );
  assert.equal(eventsOf(seen, 'request.settled')[0]?.ms, 3500);
});

test('SA-8 a start fails with the named one, and not with a failure that is followed by another try', async () => {
  const services = [service('api', [], { ...ignored, ...restart({ max: 1, delayMs: 1000 }) })];
  const seen = await run(
    services,
    [asked(0, 'start', 'api')],
    () => ({ ...crash(100), readyAfterMs: 'never' }),
    detached,
  );
  assert.equal(eventsOf(seen, 'request.settled')[0]?.ms, 1200);
  assert.match(settled(seen, 'r1')?.why ?? '', /^"api" failed: exited with code 1 .*; restarted once$/);
});

test('SA-8 a start fails as soon as a later stop leaves it waiting for a person', async () => {
  const seen = await run(
    chain(),
    [asked(1000, 'stop', 'db'), asked(2000, 'start', 'web'), asked(2100, 'stop', 'db', { noDeps: true })],
    (name, attempt) => (name === 'db' && attempt === 2 ? { readyAfterMs: 60_000 } : {}),
  );
  assert.match(settled(seen, 'r2')?.why ?? '', /^"web" waits for "api", which waits too$/);
  assert.equal(statesAt(seen, 9000), 'api pending#1, db stopped#2, web pending#1');
});

test('SO-1 SO-2 a stop takes along what can not be without it, dependents first, though their edges keep', async () => {
  const seen = await run(chain(), [asked(1000, 'stop', 'db')]);
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [web api db]',
    ...['web.asked', 'web.stopped', 'api.asked', 'api.stopped', 'db.asked', 'db.stopped', 'r1 reached'],
  ]);
  assert.deepEqual(
    eventsOf(seen, 'service.wanted').map(({ service: of, along }) => [of, along]),
    [
      ['web', ['db']],
      ['api', ['db']],
      ['db', undefined],
    ],
  );
});

test('SO-3 dependents by optional edges, and those that wait for its end, are not stopped', async () => {
  const services = [
    service('db'),
    service('soft', [sampleEdge('db', { optional: true })]),
    service('after', [sampleEdge('db', { condition: 'exited' })]),
  ];
  const seen = await run(services, [asked(1000, 'stop', 'db')]);
  assert.equal(statesAt(seen, 9000), 'after ready#1, db stopped#1, soft ready#1');
});

test('SO-4 a stop of the named alone is a loss to its dependents, as a crash would be', async () => {
  const services = [
    service('db'),
    service('keeps', ['db']),
    service('reacts', [sampleEdge('db', { onLoss: { act: 'restart', afterMs: 0 } })]),
  ];
  const seen = await run(services, [asked(1000, 'stop', 'db', { noDeps: true })]);
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [db]',
    'reacts.asked',
    'db.asked',
    'db.stopped',
    'r1 reached',
  ]);
  assert.equal(statesAt(seen, 9000), 'db stopped#1, keeps ready#1, reacts pending#1');
});

test('SO-5 no restart policy acts on what is wanted down', async () => {
  const services = [service('db', [], restart({ policy: 'always' })), service('api', ['db'])];
  const seen = await run(services, [asked(1000, 'stop', 'db')], (name) =>
    name === 'api' ? { obeysAfterMs: 500 } : { endsAfterMs: 1200, exit: code(0) },
  );
  assert.equal(statesAt(seen, 9000), 'api stopped#1, db stopped#1');
  assert.deepEqual(eventsOf(seen, 'service.backoff'), []);
});

test('SO-7 what is starting is asked at once, and not let become ready first', async () => {
  const seen = await run([service('db')], [asked(1000, 'stop', 'db')], () => ({ readyAfterMs: 30_000 }));
  assert.deepEqual(story(seen, 1000), [
    'r1 accepted [db]',
    'db.asked',
    'db.exited',
    'db.stopped',
    'r1 reached',
  ]);
});

test('SO-9 what is stopping already gets no second signal, and keeps its deadline', async () => {
  const services = [service('api', [], { ready: { ...chain()[0]!.ready!, withinMs: 1000 } })];
  const seen = await run(services, [asked(2000, 'stop', 'api')], () => ({
    readyAfterMs: 'never',
    obeysAfterMs: 'never',
  }));
  assert.equal(seen.log.filter(({ what }) => what === 'ask').length, 1);
  assert.equal(eventsOf(seen, 'service.killed')[0]?.ms, 6000);
  assert.deepEqual(plot(seen, 1500).slice(-2), ['api.stopped', 'r1 reached']);
});

test('SO-10 a stop at once kills in order, and the clean-ups run whole', async () => {
  const cleanup = [{ run: { kind: 'shell', script: 'clean db' }, timeoutMs: 5000 }] as const;
  const services = [service('db', [], { cleanup }), service('api', ['db'])];
  const seen = await run(
    services,
    [asked(1000, 'stop', 'db', { graceMs: 0 })],
    () => ({ obeysAfterMs: 'never' }),
    {
      commands: { 'clean db': { afterMs: 4000 } },
    },
  );
  assert.deepEqual(
    eventsOf(seen, 'service.killed').map(({ service: of, ms, reason }) => [of, ms, reason]),
    [
      ['api', 1000, 'told to stop at once'],
      ['db', 1001, 'told to stop at once'],
    ],
  );
  assert.deepEqual(
    eventsOf(seen, 'service.cleanup').map(({ took_ms, error }) => [took_ms, error]),
    [[4000, undefined]],
  );
  assert.equal(seen.outcome.status, 143);
});

test('SO-11 what the stopped service needed runs on', async () => {
  const seen = await run(chain(), [asked(1000, 'stop', 'api')]);
  assert.equal(statesAt(seen, 9000), 'api stopped#1, db ready#1, web stopped#1');
});

test('SO-12 a stop is reached when all of it are at rest, clean-ups finished', async () => {
  const cleanup = [{ run: { kind: 'shell', script: 'clean api' }, timeoutMs: 5000 }] as const;
  const services = [service('db'), service('api', ['db'], { cleanup })];
  const seen = await run(services, [asked(1000, 'stop', 'db'), signal(50_000)], () => ({}), {
    commands: { 'clean api': { afterMs: 3000 } },
  });
  assert.equal(eventsOf(seen, 'request.settled')[0]?.ms, 4020);
});

test('SO-6 an instance that was asked is stopped, whatever it exits with', async () => {
  const seen = await run([service('db')], [asked(1000, 'stop', 'db')]);
  assert.deepEqual(
    eventsOf(seen, 'service.exited').map(({ code: of, asked: was }) => [of, was]),
    [[0, true]],
  );
  assert.equal(statesAt(seen, 9000), 'db stopped#1');
});
