/**
 * Services of the graph that were not selected, what a pending service tells, signals while something stops, survivors: one test
 * for each sentence of the contract, on the virtual clock.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY_STATUS, foldStatus } from '../../src/events/status.ts';
import {
  asked,
  chain,
  ignored,
  outcomes,
  plot,
  reload,
  run,
  service,
  settled,
  signal,
  statesAt,
} from '../support/commanding.ts';
import { sampleEdge } from '../support/sample-config.ts';
import { eventsOf } from '../support/simulated-lives.ts';

const selected = (...names: readonly string[]) => ({ options: { selected: new Set(names) } });

test('WA-9 what was not selected is stopped, costs nothing, and can be named', async () => {
  const services = [...chain(), service('seed', ['db']), service('mail')];
  const seen = await run(
    services,
    [asked(1000, 'start', 'seed'), asked(2000, 'stop', 'seed'), asked(3000, 'stop', 'mail')],
    () => ({}),
    selected('db', 'api', 'web'),
  );
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [seed]',
    ...['seed.up', 'seed.ready', 'r1 reached'],
    ...['r2 accepted [seed]', 'seed.asked', 'seed.stopped', 'r2 reached'],
    ...['r3 accepted []', 'r3 unchanged'],
  ]);
  const [started] = seen.events;
  assert.ok(started?.type === 'run.started');
  assert.deepEqual(started.selection, ['db', 'api', 'web']);
  const { services: status } = foldStatus(EMPTY_STATUS, started);
  assert.deepEqual([status.get('mail')?.state, status.get('web')?.state], ['stopped', 'pending']);
});

test('WA-9 what was not selected keeps no run open, and holds up nobody who can do without it', async () => {
  const services = [service('cache'), service('api', [sampleEdge('cache', { optional: true })])];
  const seen = await run(services, [], () => ({ endsAfterMs: 500 }), selected('api'));
  assert.equal(seen.outcome.status, 0);
  assert.deepEqual(plot(seen), ['api.up', 'api.ready', 'api.completed']);
});

test('SA-10 what was not selected starts with what it needs; what stands against it is told, and nothing is done', async () => {
  const services = [service('web'), service('pg'), service('admin', ['pg'])];
  const start = asked(1000, 'start', 'admin');
  const seen = await run(services, [start], () => ({}), selected('web'));
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [pg admin]',
    ...['pg.up', 'pg.ready', 'admin.up', 'admin.ready', 'r1 reached'],
  ]);
  const refused = await run(services, [start], () => ({}), {
    ...selected('web'),
    foresee: (name) => (name === 'admin' ? 'the variable TOKEN is not set' : undefined),
  });
  assert.deepEqual(outcomes(refused), ['r1 refused: the variable TOKEN is not set']);
  assert.deepEqual(plot(refused, 1000), ['r1 refused: cannot-start']);
});

test('ST-6 what is pending tells of each edge where that one is, and who keeps it down', async () => {
  const services = [service('db'), service('cache'), service('api', ['db', 'cache'])];
  const seen = await run(
    services,
    [asked(100, 'stop', 'db', { noDeps: true }), asked(2000, 'start', 'db')],
    (name) => (name === 'cache' ? { readyAfterMs: 1000 } : {}),
  );
  const told = eventsOf(seen, 'service.pending').filter((event) => event.service === 'api');
  assert.deepEqual(told[0]?.waiting_for, [
    { service: 'db', condition: 'ready', why: 'pending' },
    { service: 'cache', condition: 'ready', why: 'pending' },
  ]);
  const stopped = told.find(({ ms }) => ms >= 100);
  assert.deepEqual(stopped?.waiting_for, [
    { service: 'db', condition: 'ready', why: 'request r1 stops it', stopped_by: 'r1' },
    { service: 'cache', condition: 'ready', why: 'starting' },
  ]);
});

test('ST-7 what left survivors is at rest, and a new wish waits for those', async () => {
  const seen = await run(
    [service('db', [], ignored), service('web')],
    [asked(1000, 'stop', 'db'), asked(9000, 'start', 'db')],
    (name, attempt) => (name === 'db' && attempt === 1 ? { immortal: true, obeysAfterMs: 'never' } : {}),
  );
  assert.equal(settled(seen, 'r1')?.outcome, 'reached');
  assert.equal(statesAt(seen, 8900), 'db stopped#1, web ready#1');
  assert.equal(statesAt(seen, 9100), 'db pending#1, web ready#1');
  const notes = eventsOf(seen, 'service.note').map(({ text }) => text);
  assert.ok(
    notes.some((text) => text.startsWith('is not started again before')),
    String(notes),
  );
  // It doesn't come back within the time that is given to such.
  assert.match(outcomes(seen).at(-1) ?? '', /^r2 failed: "db" failed: .* outlived SIGKILL/);
});

test('SG-4 SIGKILL while it stops ends its grace, and the stop is not clean', async () => {
  const seen = await run(
    chain(),
    [asked(1000, 'stop', 'web'), asked(2000, 'signal', 'web', { signal: 'SIGKILL' })],
    () => ({ obeysAfterMs: 'never', diesOf: ['SIGKILL'] }),
  );
  assert.equal(settled(seen, 'r1')?.outcome, 'reached');
  const [line] = settled(seen, 'r1')?.services ?? [];
  assert.deepEqual(line?.troubles, ['was ended by SIGKILL of request r2']);
  assert.ok((settled(seen, 'r1')?.ms ?? Infinity) < 2100);
});

test('SG-4 SIGSTOP is sent, and it is told what will act on it', async () => {
  const seen = await run(
    [service('db', [], { watchdog: { withinMs: 9000, source: 'fd', onFailure: 'report' } }), service('web')],
    [
      asked(1000, 'signal', 'db', { signal: 'SIGSTOP' }),
      asked(1000, 'signal', 'web', { signal: 'SIGSTOP' }),
      signal(3000),
    ],
  );
  assert.deepEqual(
    eventsOf(seen, 'service.note').map((event) => `${event.service} ${event.text}`),
    ['db is stopped by SIGSTOP: its watchdog acts on that'],
  );
});

test('RQ-5 labels are resolved when a request is accepted, as names are, all or nothing', async () => {
  const labels = (team: string) => ({ labels: { team } });
  const services = [
    service('db', [], labels('data')),
    service('api', [], labels('web')),
    service('ui', [], labels('web')),
  ];
  const seen = await run(services, [
    asked(1000, 'restart', [], { labels: ['team=web'] }),
    asked(2000, 'stop', ['u*'], { labels: ['team=web'] }),
    asked(3000, 'stop', [], { labels: ['team=none'] }),
    asked(4000, 'stop', ['db', 'api'], { labels: ['team=web'] }),
  ]);
  assert.deepEqual(outcomes(seen), [
    'r1 reached',
    'r2 reached',
    'r3 refused: no service has the label "team=none"',
    'r4 refused: "db" means no service that has the label "team=web"',
  ]);
  const accepted = seen.events.flatMap((event) => (event.type === 'request.accepted' ? [event] : []));
  assert.deepEqual(
    accepted.map(({ names, labels, plan }) => [names, labels, plan.map(({ service }) => service)]),
    [
      [[], ['team=web'], ['api', 'ui']],
      [['u*'], ['team=web'], ['ui']],
    ],
  );
});

test('labels of the graph are told when it comes into force, those of a reload too, and of replicas whose they are', async () => {
  const before = [service('db', [], { labels: { tier: 'data' } }), service('api')];
  const after = [service('db', [], { labels: { tier: 'store' } }), service('api')];
  const seen = await run(before, [
    reload(1000, after),
    asked(2000, 'signal', [], { labels: ['tier=store'], signal: 'SIGHUP' }),
  ]);
  const told = seen.events.flatMap((event) =>
    'definitions' in event
      ? [Object.entries(event.definitions ?? {}).map(([name, { labels }]) => [name, labels])]
      : [],
  );
  assert.deepEqual(told, [
    [
      ['db', { tier: 'data' }],
      ['api', undefined],
    ],
    [['db', { tier: 'store' }]],
  ]);
  assert.deepEqual(outcomes(seen), ['r1 reached', 'r2 reached']);
});
