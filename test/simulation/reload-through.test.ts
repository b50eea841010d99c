/**
 * What an instance keeps and takes over when the graph changes, how a change settles, and how it is taken back: one test for each
 * sentence of the contract, on the virtual clock.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceConfig } from '../../src/config/types.ts';
import {
  asked,
  chain,
  code,
  completed,
  crash,
  ignored,
  NOTIFY,
  outcomes,
  plot,
  reload,
  restart,
  restarting,
  run,
  service,
  settled,
  signal,
  statesAt,
  stopping,
  task,
} from '../support/commanding.ts';
import { bad, checks, checksOf, health, told } from '../support/health-scenario.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { eventsOf } from '../support/simulated-lives.ts';

const by = (program: string): Partial<ServiceConfig> => ({ command: { kind: 'exec', argv: [program] } });
const grace = (graceMs: number): Partial<ServiceConfig> => ({ stop: { ...service('any').stop, graceMs } });
const clean = (script: string): Partial<ServiceConfig> => ({
  cleanup: [{ run: { kind: 'shell', script }, timeoutMs: 500 }],
});
const broken: Behaviour = { readyAfterMs: 'never', endsAfterMs: 10, exit: code(1) };
const cleanups = (seen: { commands: readonly { text: string; startedMs: number }[] }) =>
  seen.commands.map(({ text, startedMs }) => `${startedMs} ${text}`);

test('RL-6 health and its numbers are begun anew, and no process changes', async () => {
  const services = (intervalMs: number) => [service('db', [], { health: health(checks(), { intervalMs }) })];
  const seen = await run(services(10_000), [reload(25_000, services(1000)), signal(28_500)], () => ({}), {
    commands: { 'check db': {} },
  });
  assert.deepEqual(checksOf(seen), [10_000, 20_000, 26_000, 27_000, 28_000]);
  assert.deepEqual(plot(seen, 25_000, 28_000), [
    'r1 accepted [db]',
    'graph 2 of 1: db health in-place',
    'r1 reached',
  ]);
});

test('RL-6 what was unhealthy is so until a check of the new kind says otherwise, or nobody checks', async () => {
  const report = health(checks(), { onFailure: 'report', failures: 1 });
  const other = health(checks('other'), { onFailure: 'report', failures: 1 });
  const services = (of: Partial<ServiceConfig>) => [service('db', [], of)];
  const seen = await run(
    services({ health: report }),
    [
      reload(1500, services({ health: other })),
      reload(5500, services({ health: report })),
      reload(7500, services({})),
    ],
    () => ({}),
    { commands: { 'check db': bad, 'check other': {} } },
  );
  assert.deepEqual(told(seen), ['1100 unhealthy', '2000 healthy', '6100 unhealthy', '7500 healthy']);
});

test('RL-6 a watchdog is begun anew: the new limit counts from the change on', async () => {
  const watched = (withinMs: number): Partial<ServiceConfig> => ({
    watchdog: { withinMs, source: 'fd', onFailure: 'report' },
  });
  const seen = await run(
    [service('feed', [], watched(60_000))],
    [reload(5000, [service('feed', [], watched(2000))]), signal(20_000)],
    () => ({ says: [{ afterMs: 9000, notification: { kind: 'heartbeat' } }] }),
  );
  assert.deepEqual(told(seen).slice(0, 2), ['7000 unhealthy', '9000 healthy']);
});

test('RL-6 a service that is starting has the new time to become ready, from its spawn on', async () => {
  const within = (withinMs: number) => [service('db', [], { ready: { ...NOTIFY, withinMs }, ...ignored })];
  const longer = await run(within(3000), [reload(1000, within(9000))], () => ({ readyAfterMs: 5000 }));
  assert.equal(eventsOf(longer, 'service.ready')[0]?.ms, 5000);
  const shorter = await run(within(9000), [reload(1000, within(3000), { noRollback: true })], () => ({
    readyAfterMs: 5000,
  }));
  assert.equal(eventsOf(shorter, 'service.stopping')[0]?.ms, 3000);
});

test('RL-6 a stop that has begun keeps its deadline; the next one has the new grace', async () => {
  const seen = await run(
    [service('db', [], grace(5000))],
    [
      asked(1000, 'restart', 'db'),
      reload(2000, [service('db', [], grace(1000))]),
      asked(10_000, 'stop', 'db'),
      signal(20_000),
    ],
    () => ({ obeysAfterMs: 'never' }),
  );
  assert.deepEqual(
    eventsOf(seen, 'service.killed').map(({ ms }) => ms),
    [6000, 11_000],
  );
});

test('RL-6 an edge that reacts from now on reacts for an instance that runs', async () => {
  const seen = await run(
    [service('db'), service('api', ['db'])],
    [reload(1000, [service('db'), service('api', [restarting('db')])]), asked(2000, 'restart', 'db')],
  );
  assert.deepEqual(plot(seen, 2000), [
    'r2 accepted [db]',
    ...['api.asked', 'db.asked', 'db.up', 'db.ready', 'api.up', 'api.ready', 'r2 reached'],
  ]);
  const gone = await run(
    [service('db'), service('api', [restarting('db')])],
    [reload(1000, [service('db'), service('api', ['db'])]), asked(2000, 'restart', 'db')],
  );
  assert.deepEqual(plot(gone, 2000), ['r2 accepted [db]', 'db.asked', 'db.up', 'db.ready', 'r2 reached']);
});

test('RL-7 the clean-ups of an instance are those that it was spawned with', async () => {
  const seen = await run(
    [service('db', [], clean('old'))],
    [reload(1000, [service('db', [], clean('new'))]), asked(2000, 'restart', 'db'), signal(3000)],
    () => ({}),
    { commands: { old: {}, new: {} } },
  );
  assert.deepEqual(cleanups(seen), ['2010 old', '3010 new']);
});

test('RL-19 it settles when what it removed is gone, and what it started and what came back is ready', async () => {
  const before = [service('db'), service('api', [restarting('db')]), service('old')];
  const after = [service('db', [], by('new')), before[1]!, service('new')];
  const times: Readonly<Record<string, Behaviour>> = {
    new: { readyAfterMs: 100 },
    db: { readyAfterMs: 200 },
    api: { readyAfterMs: 4000 },
    old: { obeysAfterMs: 1000 },
  };
  const seen = await run(before, [reload(10_000, after)], (name) => times[name] ?? {});
  assert.equal(settled(seen, 'r1')?.outcome, 'reached');
  assert.equal(settled(seen, 'r1')?.ms, eventsOf(seen, 'service.ready').at(-1)?.ms);
  assert.equal(eventsOf(seen, 'service.ready').at(-1)?.service, 'api');
});

test('RL-20 the first failure before it is ready leads back at once, whatever is left of its restarts', async () => {
  const many = restart({ max: 50, delayMs: 30_000 });
  const before = [service('api', [], many), task('job', [], ignored)];
  const after = (of: string) => [
    service('api', [], { ...many, ...(of === 'api' ? by('new') : {}) }),
    task('job', [], { ...ignored, ...(of === 'job' ? by('new') : {}) }),
  ];
  for (const one of ['api', 'job']) {
    const seen = await run(before, [reload(1000, after(one))], (name, attempt) => {
      if (name === one && attempt === 2) return broken;
      return name === 'job' ? { endsAfterMs: 50 } : {};
    });
    const [, back] = eventsOf(seen, 'graph.changed');
    assert.ok(back !== undefined && back.base === 1 && back.ms < 1100, one);
    assert.equal(settled(seen, 'r1')?.outcome, 'failed');
  }
});

test('RL-20 a failure of what it has not touched is none of its own', async () => {
  const before = [service('api'), service('other', [], restart({ delayMs: 100 }))];
  const seen = await run(
    before,
    [reload(1000, [service('api', [], by('new')), before[1]!])],
    (name, attempt) => ({
      ...(name === 'api' && attempt === 2 && { readyAfterMs: 5000 }),
      ...(name === 'other' && attempt === 1 && crash(2000)),
    }),
  );
  assert.deepEqual(outcomes(seen), ['r1 reached']);
});

test('RL-21 what a person stops or restarts meanwhile leaves its account, and what waits for that too', async () => {
  const before = [service('db'), service('api', ['db']), service('web')];
  const after = [service('db', [], by('n')), service('api', ['db'], by('n')), service('web', [], by('n'))];
  const slow = (name: string, attempt: number): Behaviour =>
    attempt > 1 && name !== 'api' ? { readyAfterMs: 3000 } : {};
  const stop = await run(before, [reload(1000, after), asked(2000, 'stop', 'db')], slow);
  assert.deepEqual(outcomes(stop), ['r2 reached', 'r1 reached']);
  assert.equal(statesAt(stop, 90_000), 'api stopped#1, db stopped#2, web ready#2');
  const fails = await run(before, [reload(1000, after), asked(2000, 'restart', 'db')], (name, attempt) =>
    name === 'db' && attempt === 3 ? broken : slow(name, attempt),
  );
  assert.equal(eventsOf(fails, 'graph.changed').length, 1);
});

test('RL-23 a way back restores graph, definitions and what was wanted; what ran runs again', async () => {
  const before = [
    service('db'),
    service('api', ['db'], grace(4000)),
    service('old'),
    service('stopped'),
    service('fallen', [stopping('db')]),
    service('failed', [], ignored),
  ];
  const after = [
    service('db', [], by('new')),
    service('api', ['db'], grace(1000)),
    service('new'),
    service('stopped', [], by('new')),
    service('fallen', [stopping('db')]),
    service('failed', [], { ...ignored, ...by('new') }),
  ];
  const seen = await run(
    before,
    [asked(500, 'stop', 'stopped'), reload(1000, after), asked(20_000, 'stop', 'api'), signal(30_000)],
    (name, attempt) => {
      if (name === 'db' && attempt === 2) return broken;
      if (name === 'api') return { obeysAfterMs: 'never' };
      return name === 'failed' && attempt === 1 ? crash(100) : {};
    },
  );
  assert.equal(
    statesAt(seen, 19_000),
    'api ready#1, db ready#3, failed stopped#2, fallen ready#2, new stopped#1, old ready#2, stopped stopped#1',
  );
  assert.deepEqual(eventsOf(seen, 'graph.changed').at(-1)?.removed, ['new']);
  assert.equal(eventsOf(seen, 'service.killed')[0]?.ms, 24_000);
  assert.equal(settled(seen, 'r2')?.outcome, 'failed');
});

test('RL-24 a task that had completed is not run again for a way back, and what is not touched is left alone', async () => {
  const before = [task('migrate', [], ignored), service('api', [completed('migrate')]), service('web')];
  const after = [
    task('migrate', [], { ...ignored, ...by('new') }),
    service('api', [completed('migrate')], by('new')),
    before[2]!,
  ];
  const seen = await run(before, [reload(1000, after)], (name, attempt) => {
    if (name !== 'migrate') return {};
    return attempt === 1 ? { endsAfterMs: 50 } : broken;
  });
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [api migrate]',
    ...['api.asked', 'graph 2 of 1: migrate command restart api command restart'],
    ...['migrate.up', 'migrate.failed'],
    ...['graph 3 of 1: migrate command restart api command restart', 'api.up', 'api.ready', 'r1 failed'],
  ]);
  assert.deepEqual(eventsOf(seen, 'graph.changed').at(-1)?.completed, ['migrate']);
});

test('RL-23 RL-24 what was removed comes back as it was: a task has completed, what was stopped is stopped', async () => {
  const before = [
    task('job', [], ignored),
    service('api', [completed('job')]),
    service('off'),
    service('needs', ['off']),
    service('web'),
  ];
  const after = [service('api', [], by('new')), service('web')];
  const seen = await run(
    before,
    [asked(500, 'stop', 'off'), reload(1000, after), asked(20_000, 'start', 'needs')],
    (name, attempt) => {
      if (name === 'job') return { endsAfterMs: 50 };
      return name === 'api' && attempt === 2 ? broken : {};
    },
  );
  assert.equal(
    statesAt(seen, 19_000),
    'api ready#3, job stopped#1, needs stopped#1, off stopped#1, web ready#1',
  );
  assert.deepEqual(eventsOf(seen, 'graph.changed').at(-1)?.completed, ['job']);
  assert.equal(statesAt(seen, 90_000), 'api ready#3, job stopped#1, needs ready#2, off ready#2, web ready#1');
});

test('RL-25 on the way back restart policies act; what does not come up has failed alone, and there is no third try', async () => {
  const twice = restart({ max: 1, delayMs: 100 });
  const before = [service('db'), service('api', [], twice), service('web', [], by('w'))];
  const after = [service('db'), service('api', [], { ...twice, ...by('new') }), service('web', [], by('w2'))];
  const seen = await run(before, [reload(1000, after)], (name, attempt) =>
    name === 'api' && attempt > 1 ? broken : {},
  );
  assert.equal(statesAt(seen, 90_000), 'api failed#4, db ready#1, web ready#3');
  assert.equal(eventsOf(seen, 'graph.changed').length, 2);
  assert.equal(settled(seen, 'r1')?.outcome, 'failed');
  assert.equal(seen.outcome.status, 1);
});

test('RL-26 without a way back the new one stays, restarts act, and it settles as a start does', async () => {
  const twice = restart({ max: 2, delayMs: 100 });
  const services = (of: Partial<ServiceConfig>) => [service('db'), service('api', [], { ...twice, ...of })];
  const mended = await run(
    services({}),
    [reload(1000, services(by('new')), { noRollback: true })],
    (name, attempt) => (name === 'api' && attempt === 2 ? broken : {}),
  );
  assert.deepEqual(outcomes(mended), ['r1 reached']);
  const worse = await run(
    services({}),
    [reload(1000, services(by('new')), { noRollback: true })],
    (name, attempt) => (name === 'api' && attempt > 1 ? broken : {}),
  );
  assert.equal(settled(worse, 'r1')?.outcome, 'failed');
  assert.equal(eventsOf(worse, 'graph.changed').length, 1);
  assert.equal(statesAt(worse, 90_000), 'api failed#4, db ready#1');
});

test('RL-27 during the start what is pending has the new definition, what starts goes by its class', async () => {
  const before = [service('db'), service('api', ['db']), service('web', ['api'])];
  const after = [
    service('db', [], by('new')),
    service('api', ['db'], by('new')),
    service('web', ['api'], by('new')),
  ];
  const seen = await run(before, [reload(1000, after)], (_, attempt) =>
    attempt === 1 ? { readyAfterMs: 5000 } : {},
  );
  assert.deepEqual(plot(seen, 1000, 20_000), [
    'r1 accepted [db api web]',
    'db.asked',
    'graph 2 of 1: db command restart api command restart web command restart',
    ...['db.up', 'db.ready', 'api.up', 'api.ready', 'web.up', 'web.ready', 'r1 reached'],
  ]);
  const pending = eventsOf(seen, 'service.pending').filter(
    ({ ms, service: of }) => ms >= 1000 && of !== 'db',
  );
  assert.deepEqual(pending, []);
});

test('RL-27 a failure during the start leads back to the first graph', async () => {
  const services = (of: Partial<ServiceConfig>) => [service('db'), service('api', ['db'], of)];
  const seen = await run(services({}), [reload(5, services(by('new')))], (name, attempt) =>
    name === 'api' && attempt === 1 ? broken : {},
  );
  assert.equal(settled(seen, 'r1')?.outcome, 'failed');
  assert.deepEqual(
    eventsOf(seen, 'graph.changed').map(({ base }) => base),
    [1, 1],
  );
  assert.equal(statesAt(seen, 90_000), 'api ready#2, db ready#1');
});

test('CT-2 a new limit keeps what was counted, and a delay that runs ends no later than the new longest', async () => {
  const services = (more: Partial<ServiceConfig['restart']>) => [
    service('api', [], {
      onFailure: 'ignore',
      ...restart({ delayMs: 50_000, maxDelayMs: 50_000, max: 5, ...more }),
    }),
  ];
  const seen = await run(
    services({}),
    [reload(5000, services({ maxDelayMs: 2000, max: 2 }))],
    (_, attempt) => (attempt < 9 ? broken : {}),
  );
  const starts = eventsOf(seen, 'service.starting').map(({ ms }) => ms);
  // The change starts what waits to be restarted.
  assert.ok(starts[1] !== undefined && starts[1] <= 7000, String(starts));
});

test('GU-4 each instance has one pass of clean-ups, by its own definition, before it is removed', async () => {
  const seen = await run(
    [service('a', [], clean('clean a')), service('b')],
    [reload(1000, [service('b')])],
    () => ({}),
    { commands: { 'clean a': { afterMs: 300 } } },
  );
  const removed = eventsOf(seen, 'service.removed')[0];
  assert.deepEqual(cleanups(seen), ['1010 clean a']);
  assert.equal(removed?.ms, 1310);
});

test('SD-2 the budget of a shutdown is that of the graph in force, and counts the clean-ups of each instance', async () => {
  const long = { cleanup: [{ run: { kind: 'shell', script: 'long' } as const, timeoutMs: 6000 }] };
  const before = [service('db', [], { ...long, ...grace(20_000) })];
  const after = [service('db', [], grace(20_000))];
  const change = reload(1000, after, { budgetMs: 10_000 });
  const seen = await run(before, [change, signal(2000)], () => ({ obeysAfterMs: 'never' }), {
    commands: { long: { afterMs: 5000 } },
  });
  const [killed] = eventsOf(seen, 'service.killed');
  assert.ok(killed !== undefined && killed.ms < 7000, String(killed?.ms));
  assert.ok(seen.endMs <= 12_000 + 1000, String(seen.endMs));
});

test('SD-4 after the switch the order is that of the new graph', async () => {
  const after = [service('db', ['web']), service('web')];
  const seen = await run([service('db'), service('web', ['db'])], [reload(1000, after), signal(2000)]);
  assert.deepEqual(plot(seen, 2000), ['db.asked', 'db.stopped', 'web.asked', 'web.stopped']);
});

test('RL-13 what is removed goes before what it needs is replaced, though somebody has stopped both meanwhile', async () => {
  const before = [service('db', [], by('v1')), service('api', ['db'])];
  const seen = await run(
    before,
    [reload(1000, [service('db', [], by('v2'))]), asked(1000, 'stop', 'db'), asked(1000, 'start', 'db')],
    () => ({ obeysAfterMs: 500 }),
  );
  const moves = plot(seen, 1000).filter((line) => /\.(?:asked|stopped|removed|up)$/.test(line));
  assert.deepEqual(moves, ['api.asked', 'api.stopped', 'db.asked', 'api.removed', 'db.up']);
});

test('GU-1 what left survivors and comes back under its name waits for those', async () => {
  const seen = await run(
    [service('db'), service('x')],
    [asked(1000, 'remove', 'x'), reload(9000, [service('db'), service('x')])],
    (name) => (name === 'x' ? { immortal: true, obeysAfterMs: 'never' } : {}),
  );
  assert.equal(eventsOf(seen, 'service.starting').filter((event) => event.service === 'x').length, 1);
});

test('a stop of all that changed during a reload leaves nothing behind, and the chain comes up by the new graph', async () => {
  const after = chain().map((spec) => ({ ...spec, ...by('new') }));
  const seen = await run(chain(), [reload(1000, after), asked(1005, 'stop', '*'), asked(5000, 'start', '*')]);
  assert.equal(statesAt(seen, 4000), 'api stopped#1, db stopped#1, web stopped#1');
  assert.equal(statesAt(seen, 90_000), 'api ready#2, db ready#2, web ready#2');
  assert.equal(settled(seen, 'r1')?.outcome, 'reached');
});

test('RL-24 what would have fallen with what a change brought, once others are gone, stays when that is taken back at that moment', async () => {
  const before = [service('api', [])];
  const after = [
    task('migrate', [], { onFailure: 'isolate' }),
    service('api', ['migrate']),
    service('web', ['api'], clean('clean')),
  ];
  const seen = await run(
    before,
    [reload(1000, after), signal(20_000)],
    (name) => (name === 'migrate' ? { readyAfterMs: 'never', endsAfterMs: 40, exit: code(3) } : {}),
    { commands: { clean: { afterMs: 100 } } },
  );
  assert.deepEqual(
    eventsOf(seen, 'service.stopping').map(({ ms, service: name, reason }) => [ms, name, reason]),
    [
      [1040, 'web', '"api" was stopped: "migrate" failed: exited with code 3 after 40 ms'],
      [20_000, 'api', 'SIGTERM'],
    ],
  );
});
