/**
 * WA, ST, RN of the contract of commands, a test a sentence: what is wanted of a service, its states, and when a run ends.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  asked,
  chain,
  code,
  crash,
  outcomes,
  plot,
  restart,
  restarting,
  run,
  service,
  signal,
  statesAt,
  stopping,
  story,
  task,
} from '../support/commanding.ts';
import { sampleEdge } from '../support/sample-config.ts';
import { eventsOf } from '../support/simulated-lives.ts';

const isolated = { onFailure: 'isolate', ...restart({ policy: 'no' }) } as const;

test('WA-1 WA-2 what is asked for as it is makes no wish; else each gets the next number', async () => {
  const seen = await run(chain(), [
    asked(1000, 'start', 'db'),
    asked(2000, 'stop', 'web'),
    asked(3000, 'stop', 'web'),
    asked(4000, 'restart', 'db'),
    asked(5000, 'start', 'web'),
  ]);
  assert.deepEqual(
    eventsOf(seen, 'service.wanted').map(
      ({ service: of, wish, want, request }) => `${request} ${of} ${wish} ${want}`,
    ),
    ['r2 web 2 down', 'r4 db 2 up', 'r5 web 3 up'],
  );
  assert.deepEqual(outcomes(seen), [
    'r1 unchanged',
    'r2 reached',
    'r3 unchanged',
    'r4 reached',
    'r5 reached',
  ]);
});

test('WA-3 a wish is spent by the end with success, by failing for good and by on_loss stop, and by nothing else', async () => {
  const services = [
    service('db', [], isolated),
    service('needs', ['db']),
    service('reacts', [sampleEdge('db', { onLoss: { act: 'stop', afterMs: 0 } })], { onFailure: 'ignore' }),
    service('done'),
  ];
  const seen = await run(
    services,
    [asked(3000, 'start', 'db')],
    (name, attempt) => {
      if (name === 'db' && attempt === 1) return crash(1000);
      return name === 'done' && attempt === 1 ? { endsAfterMs: 500, exit: code(0) } : {};
    },
    { options: { isDetached: true } },
  );
  // What had fallen comes back by itself; what had stopped for good for the loss, or is done, does not.
  assert.equal(statesAt(seen, 50_000), 'db ready#2, done completed#1, needs ready#2, reacts ready#2');
});

test('WA-3 ED-7 who stopped for good for a loss stays when it is back', async () => {
  const services = [service('db', [], restart({ delayMs: 100 })), service('api', [stopping('db')])];
  const seen = await run(services, [asked(5000, 'start', 'api')], (name, attempt) =>
    name === 'db' && attempt === 1 ? crash(1000) : {},
  );
  assert.equal(statesAt(seen, 4000), 'api stopped#1, db ready#2');
  assert.equal(statesAt(seen, 9000), 'api ready#2, db ready#2');
});

test('WA-4 every change of wanted names the request that made it', async () => {
  const services = [service('db', [], isolated), service('api', ['db']), service('web', [restarting('api')])];
  const seen = await run(
    services,
    [asked(3000, 'start', 'db'), asked(4000, 'stop', 'api')],
    (name, attempt) => (name === 'db' && attempt === 1 ? crash(1000) : {}),
    { options: { isDetached: true } },
  );
  const requests = new Set(eventsOf(seen, 'request.accepted').map(({ request }) => request));
  const wanted = eventsOf(seen, 'service.wanted');
  assert.ok(wanted.every(({ request }) => requests.has(request)));
  assert.deepEqual(
    wanted.map(({ request, service: of }) => `${request} ${of}`),
    ['r1 db', 'r2 web', 'r2 api'],
  );
});

test('WA-5 ED-8 what was skipped comes as soon as no edge of it is without hope', async () => {
  const services = [service('db', [], isolated), service('api', ['db']), service('web', ['api'])];
  const seen = await run(
    services,
    [asked(3000, 'start', 'db')],
    (name, attempt) => (name === 'db' && attempt === 1 ? { ...crash(5), readyAfterMs: 'never' } : {}),
    { options: { isDetached: true } },
  );
  assert.equal(statesAt(seen, 2000), 'api skipped#0, db failed#1, web skipped#0');
  assert.equal(statesAt(seen, 9000), 'api ready#1, db ready#2, web ready#1');
});

test('WA-6 what went along comes back with the last of those it went along with', async () => {
  const services = [service('db'), service('cache'), service('api', ['db', 'cache'])];
  const seen = await run(services, [
    asked(1000, 'stop', 'db cache'),
    asked(2000, 'start', 'db'),
    asked(3000, 'start', 'cache'),
  ]);
  assert.equal(statesAt(seen, 2500), 'api stopped#1, cache stopped#1, db ready#2');
  assert.equal(statesAt(seen, 4000), 'api ready#2, cache ready#2, db ready#2');
});

test('WA-6 WA-7 what was also stopped by name stays, until something that needs it is started', async () => {
  const seen = await run(chain(), [
    asked(1000, 'stop', 'db'),
    asked(1500, 'stop', 'web'),
    asked(2000, 'start', 'db'),
    asked(3000, 'stop', 'db'),
    asked(4000, 'start', 'web'),
  ]);
  assert.equal(statesAt(seen, 2900), 'api ready#2, db ready#2, web stopped#1');
  assert.equal(statesAt(seen, 5000), 'api ready#3, db ready#3, web ready#2');
});

test('WA-8 a restart by itself never starts what a person stopped', async () => {
  const services = [
    service('cache'),
    service('api', [sampleEdge('cache', { optional: true })], restart({ delayMs: 100 })),
  ];
  const seen = await run(services, [asked(1000, 'stop', 'cache')], (name, attempt) =>
    name === 'api' && attempt === 1 ? crash(2000) : {},
  );
  assert.equal(statesAt(seen, 9000), 'api ready#2, cache stopped#1');
});

test('ST-2 a start while it stops is served by a new instance after it', async () => {
  const seen = await run([service('db')], [asked(1000, 'stop', 'db'), asked(1100, 'start', 'db')], () => ({
    obeysAfterMs: 500,
  }));
  assert.deepEqual(story(seen, 1100), [
    'r2 accepted [db]',
    'r1 replaced by r2',
    ...['db.exited', 'db.pending', 'db.up', 'db.ready', 'r2 reached'],
  ]);
});

test('ST-3 a stop moves nothing from one rest to another', async () => {
  const services = [service('db', [], { ...isolated, onFailure: 'ignore' }), task('done')];
  const seen = await run(
    services,
    [asked(3000, 'stop', 'db done')],
    (name) => (name === 'db' ? crash(1000) : { endsAfterMs: 100 }),
    { options: { isDetached: true } },
  );
  assert.equal(statesAt(seen, 9000), 'db failed#1, done completed#1');
  assert.deepEqual(outcomes(seen), ['r1 reached']);
});

test('ST-4 SO-8 at rest nothing of it is left that could wake it', async () => {
  const services = [service('api', [], restart({ delayMs: 8000 }))];
  const seen = await run(services, [asked(2000, 'stop', 'api')], () => crash(1000));
  assert.deepEqual(plot(seen, 2000), ['r1 accepted [api]', 'api.stopped', 'r1 reached']);
});

test('ST-5 the number of instances counts on', async () => {
  const seen = await run(
    [service('db')],
    [asked(1000, 'restart', 'db'), asked(2000, 'stop', 'db'), asked(3000, 'start', 'db')],
  );
  assert.deepEqual(
    eventsOf(seen, 'service.starting').map(({ attempt }) => attempt),
    [1, 2, 3],
  );
});

test('RN-1 a run ends by itself when everything is at rest and nobody keeps it open', async () => {
  const seen = await run([task('a'), task('b', ['a'])], [], () => ({ endsAfterMs: 50 }));
  assert.deepEqual([seen.outcome.status, seen.endMs], [0, 100]);
});

test('RN-2 who stopped something keeps the run open', async () => {
  const seen = await run([service('db')], [asked(1000, 'stop', 'db')]);
  assert.equal(seen.endMs, 100_000);
  assert.equal(seen.outcome.status, 143);
});

test('RN-3 a detached run stays, whatever has failed', async () => {
  const seen = await run([task('a', [], { onFailure: 'ignore' })], [], () => crash(50), {
    options: { isDetached: true },
  });
  assert.deepEqual([seen.endMs, seen.outcome.status], [100_000, 143]);
});

test('RN-4 in the middle of a restart the run does not end, be the exit of that service its own', async () => {
  const seen = await run([service('api')], [asked(1000, 'restart', 'api')], () => ({ obeysAfterMs: 500 }), {
    options: { exitCodeFrom: 'api' },
  });
  assert.deepEqual(plot(seen, 1000), ['r1 accepted [api]', 'api.asked', 'api.up', 'api.ready', 'r1 reached']);
});

test('RN-5 if the service whose exit counts is stopped by a person the run ends with that exit', async () => {
  const seen = await run([service('db'), service('api', ['db'])], [asked(1000, 'stop', 'api')], () => ({}), {
    options: { exitCodeFrom: 'api' },
  });
  assert.equal(seen.outcome.status, 0);
  assert.ok(seen.endMs < 2000);
});

test('RN-6 a failure counts unless a later wish of the service was fulfilled', async () => {
  const services = [service('db', [], isolated), service('other')];
  const broken = (name: string, attempt: number) => (name === 'db' && attempt === 1 ? crash(1000) : {});
  const stands = await run(services, [], broken);
  const repaired = await run(services, [asked(3000, 'start', 'db')], broken);
  assert.deepEqual([stands.outcome.status, repaired.outcome.status], [1, 143]);
});

test('RN-7 a kill in answer to a request is told there, and is not the status of the run', async () => {
  const seen = await run([service('db')], [asked(1000, 'stop', 'db'), signal(20_000)], () => ({
    obeysAfterMs: 'never',
  }));
  const [settled] = eventsOf(seen, 'request.settled');
  assert.deepEqual(settled?.services[0]?.troubles, ['had to be killed: still alive after its grace of 5 s']);
  assert.equal(seen.outcome.status, 143);
});
