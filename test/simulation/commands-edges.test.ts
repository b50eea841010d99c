/**
 * ED, CT, OF and SD of the contract of commands, a test a sentence: edges, counters, on_failure and the shutdown of a graph
 * that is commanded.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  asked,
  chain,
  crash,
  ignored,
  NOTIFY,
  outcomes,
  plot,
  restart,
  restarting,
  run,
  service,
  settled,
  signal,
  statesAt,
  task,
} from '../support/commanding.ts';
import { sampleEdge } from '../support/sample-config.ts';
import { eventsOf } from '../support/simulated-lives.ts';

const broken = { ...crash(10), readyAfterMs: 'never' } as const;
const optional = (name: string, act?: 'restart' | 'stop') =>
  sampleEdge(name, { optional: true, ...(act && { onLoss: { act, afterMs: 0 } }) });

test('ED-1 a restart is a loss to those that react from when it is applied, and they start once, with the new values', async () => {
  const port = [{ service: 'db', value: 'port' }];
  const services = [service('db'), service('api', [restarting('db')], { env: { DB: port } })];
  const seen = await run(services, [asked(1000, 'restart', 'db')], (name, attempt) =>
    name === 'db' ? { values: { port: String(attempt) }, obeysAfterMs: 500, readyAfterMs: 500 } : {},
  );
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [db]',
    ...['api.asked', 'db.asked', 'db.up', 'db.ready', 'api.up', 'api.ready', 'r1 reached'],
  ]);
  assert.deepEqual(eventsOf(seen, 'service.note'), []);
});

test('ED-2 after counts from when the instance is asked or ended, not from the request', async () => {
  const services = [
    service('db'),
    service('blocks', ['db']),
    service('api', [sampleEdge('db', { onLoss: { act: 'restart', afterMs: 2000 } })]),
  ];
  const seen = await run(
    services,
    [asked(1000, 'restart', 'db', { withDependents: true })],
    (name, attempt) => {
      if (name === 'blocks') return { obeysAfterMs: 5000 };
      return name === 'db' && attempt === 2 ? { readyAfterMs: 100 } : {};
    },
  );
  // It was restarted as a dependent, and nobody gave way because of the five seconds before.
  assert.equal(
    eventsOf(seen, 'service.stopping').find((event) => event.service === 'api')?.reason,
    'is being restarted',
  );
});

test('ED-3 ED-10 a return within after leaves it untouched, with a note if a value has changed', async () => {
  const port = [{ service: 'db', value: 'port' }];
  const edge = sampleEdge('db', { onLoss: { act: 'restart', afterMs: 2000 } });
  const seen = await run(
    [service('db'), service('api', [edge], { env: { DB: port } })],
    [asked(1000, 'restart', 'db')],
    (name, attempt) => (name === 'db' ? { values: { port: String(attempt) } } : {}),
  );
  assert.equal(statesAt(seen, 9000), 'api ready#1, db ready#2');
  assert.match(eventsOf(seen, 'service.note')[0]?.text ?? '', /^still uses "1" for/);
});

test('ED-4 over an optional edge what a request keeps down does not come: keepers run on, others restart without, or stop', async () => {
  const services = [
    service('cache'),
    service('keeps', [optional('cache')]),
    service('again', [optional('cache', 'restart')]),
    service('ends', [optional('cache', 'stop')]),
  ];
  const seen = await run(services, [asked(1000, 'stop', 'cache')]);
  assert.equal(statesAt(seen, 9000), 'again ready#2, cache stopped#1, ends stopped#1, keeps ready#1');
});

test('ED-4 what waits for something that a person stopped does not come either', async () => {
  const services = [service('db'), service('cache', ['db']), service('api', [optional('cache')])];
  const seen = await run(services, [
    asked(1000, 'stop', 'db', { noDeps: true }),
    asked(2000, 'stop', 'api'),
    asked(2100, 'restart', 'cache', { noDeps: true }),
    asked(3000, 'start', 'api', { noDeps: true }),
  ]);
  assert.equal(statesAt(seen, 9000).includes('api ready#2'), true, statesAt(seen, 9000));
});

test('ED-5 the timeout of an edge stands still while a person keeps the dependency down', async () => {
  const services = [service('db'), service('api', [sampleEdge('db', { timeoutMs: 3000 })], ignored)];
  const seen = await run(
    services,
    [
      asked(1000, 'stop', 'db', { noDeps: true }),
      asked(2000, 'restart', 'api', { noDeps: true }),
      asked(20_000, 'start', 'db'),
    ],
    (name) => ({ readyAfterMs: name === 'db' ? 2000 : 10 }),
  );
  assert.equal(statesAt(seen, 30_000), 'api ready#1, db ready#2');
  assert.deepEqual(eventsOf(seen, 'service.failed'), []);
});

test('ED-6 hard dependents that are pending are stopped along, and come back', async () => {
  const seen = await run(chain(), [asked(100, 'stop', 'db'), asked(2000, 'start', 'db')], (name) =>
    name === 'db' ? { readyAfterMs: 1000 } : {},
  );
  assert.equal(statesAt(seen, 1500), 'api stopped#0, db stopped#1, web stopped#0');
  assert.equal(statesAt(seen, 9000), 'api ready#1, db ready#2, web ready#1');
});

test('ED-9 who waits for the return of what a person stopped is pending, and not stopped for good', async () => {
  const services = [service('db'), service('api', [restarting('db')])];
  const seen = await run(services, [
    asked(1000, 'stop', 'db', { noDeps: true }),
    asked(50_000, 'start', 'db'),
  ]);
  assert.equal(statesAt(seen, 40_000), 'api pending#1, db stopped#1');
  assert.equal(statesAt(seen, 60_000), 'api ready#2, db ready#2');
});

test('ED-11 a stop of what has failed changes no verdict', async () => {
  const services = [service('db', [], ignored), service('api', ['db'], ignored)];
  const seen = await run(
    services,
    [asked(1000, 'stop', 'db', { noDeps: true })],
    (name) => (name === 'db' ? broken : {}),
    {
      options: { isDetached: true },
    },
  );
  assert.equal(statesAt(seen, 9000), 'api skipped#0, db failed#1');
});

test('CT-1 a wish of a person clears the row, the window and the delay, and counts in none of them', async () => {
  const services = [service('api', [], restart({ max: 2, delayMs: 1000, factor: 2 }))];
  const seen = await run(services, [asked(1500, 'start', 'api')], (_, attempt) =>
    attempt <= 4 ? { ...broken } : {},
  );
  assert.deepEqual(
    eventsOf(seen, 'service.backoff').map(({ failures }) => failures),
    [1, 2, 1, 2],
  );
  assert.equal(statesAt(seen, 50_000), 'api ready#5');
});

test('CT-3 coming back after a loss counts nowhere', async () => {
  const services = [service('db'), service('api', [restarting('db')], restart({ max: 1 }))];
  const seen = await run(
    services,
    [1000, 2000, 3000, 4000].map((atMs) => asked(atMs, 'restart', 'db')),
  );
  assert.equal(statesAt(seen, 9000), 'api ready#5, db ready#5');
});

test('OF-1 a stop by request never makes anything fail', async () => {
  const seen = await run([service('db'), service('api', ['db'])], [asked(1000, 'stop', 'db')], () => ({
    obeysAfterMs: 'never',
  }));
  assert.deepEqual(eventsOf(seen, 'service.failed'), []);
  assert.equal(eventsOf(seen, 'shutdown.requested')[0]?.ms, 100_000);
});

test('OF-2 OF-4 what a person began and was never ready is contained; the first start of the run is not', async () => {
  const services = [service('api', [], restart({ policy: 'no' })), service('other')];
  const first = await run(services, [], (name) => (name === 'api' ? broken : {}));
  assert.deepEqual(eventsOf(first, 'shutdown.requested')[0]?.cause.kind, 'collapse');
  const began = await run(services, [asked(1000, 'restart', 'api')], (name, attempt) =>
    name === 'api' && attempt === 2 ? broken : {},
  );
  assert.equal(statesAt(began, 9000), 'api failed#2, other ready#1');
  assert.deepEqual(outcomes(began), [
    'r1 failed: "api" failed: exited with code 1 after 10 ms, before it was ready',
  ]);
});

test('OF-3 once it was ready its on_failure is in force again', async () => {
  const services = [service('api', [], restart({ policy: 'no' })), service('other')];
  const seen = await run(services, [asked(1000, 'restart', 'api')], (name, attempt) =>
    name === 'api' && attempt === 2 ? crash(5000) : {},
  );
  assert.deepEqual(eventsOf(seen, 'shutdown.requested')[0]?.cause.kind, 'collapse');
});

test('OF-5 if a need fails contained those that the plan holds back are skipped, and those that run run on', async () => {
  const services = [
    service('db', [], restart({ policy: 'no' })),
    service('runs', ['db']),
    service('held', ['db']),
  ];
  const seen = await run(
    services,
    [asked(1000, 'stop', 'held'), asked(2000, 'stop', 'db', { noDeps: true }), asked(3000, 'start', 'held')],
    (name, attempt) => (name === 'db' && attempt === 2 ? broken : {}),
  );
  assert.equal(statesAt(seen, 9000), 'db failed#2, held skipped#1, runs ready#1');
});

test('OF-6 what failed for good is started like any other', async () => {
  const services = [service('db', [], ignored), service('other')];
  const seen = await run(
    services,
    [asked(3000, 'start', 'db')],
    (_, attempt) => (attempt === 1 ? crash(1000) : {}),
    {
      options: { isDetached: true },
    },
  );
  assert.match(statesAt(seen, 9000), /^db ready#2/);
});

test('SD-1 a shutdown settles all others: stops when they are reached, everything else at once', async () => {
  const seen = await run(
    [service('db'), service('api', ['db']), service('slow')],
    [asked(1000, 'stop', 'api'), asked(1000, 'restart', 'slow'), signal(1100)],
    () => ({ obeysAfterMs: 500 }),
  );
  const told = eventsOf(seen, 'request.settled').map(({ request, outcome, why, ms }) => [
    request,
    outcome,
    why,
    ms,
  ]);
  assert.deepEqual(told, [
    ['r2', 'abandoned', 'SIGTERM', 1100],
    ['r1', 'reached', undefined, 1500],
  ]);
});

test('SD-3 what is stopping already is killed at the earlier of its old deadline and its share', async () => {
  const seen = await run(
    [service('db')],
    [asked(1000, 'stop', 'db'), signal(3000)],
    () => ({ obeysAfterMs: 'never' }),
    {
      budgetMs: 20_000,
    },
  );
  assert.equal(eventsOf(seen, 'service.killed')[0]?.ms, 6000);
});

test('SD-5 what a restart has taken down and not spawned again is stopped, not skipped', async () => {
  const services = [service('db'), service('api', [restarting('db')])];
  const seen = await run(services, [asked(1000, 'restart', 'db'), signal(2000)], (name, attempt) =>
    name === 'db' && attempt === 2 ? { readyAfterMs: 60_000 } : {},
  );
  assert.deepEqual(eventsOf(seen, 'service.skipped'), []);
  assert.match(statesAt(seen, 200_000), /^api stopped#1, db stopped#2$/);
  assert.equal(settled(seen, 'r1')?.outcome, 'abandoned');
});

test('RQ-17 in a shutdown what would start something is refused, what stops merges', async () => {
  const seen = await run(
    [service('db'), task('job')],
    [signal(1000), asked(1100, 'start', 'db'), asked(1200, 'restart', 'db'), asked(1300, 'stop', 'db')],
    () => ({ obeysAfterMs: 2000 }),
  );
  assert.deepEqual(outcomes(seen), ['r1 refused: SIGTERM', 'r2 refused: SIGTERM', 'r3 reached']);
});

test('ED-8 a fall is not held up by what can do without, and starts in its midst', async () => {
  const services = [
    service('s0', [], {
      ready: { ...NOTIFY, withinMs: 3000 },
      onFailure: 'isolate',
      ...restart({ policy: 'no' }),
    }),
    service('s1', [{ ...restarting('s0'), condition: 'started' }]),
    service('s2', ['s1']),
    service('s3', [sampleEdge('s2', { optional: true })]),
  ];
  const seen = await run(services, [], (name) =>
    name === 's0' || name === 's2' ? { readyAfterMs: 'never' } : {},
  );
  assert.equal(statesAt(seen, 9000), 's0 failed#1, s1 stopped#1, s2 stopped#1, s3 ready#1');
});
