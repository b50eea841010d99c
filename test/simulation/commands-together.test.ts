/**
 * CC, TR and TK of the contract of commands, a test a sentence: two requests at once, ends in the same moment, and tasks.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HealthConfig } from '../../src/config/types.ts';
import type { Command } from '../../src/engine/requests/command.ts';
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
  restart,
  restarting,
  run,
  service,
  settled,
  signal,
  statesAt,
  story,
  task,
} from '../support/commanding.ts';
import { sampleEdge } from '../support/sample-config.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { eventsOf } from '../support/simulated-lives.ts';

/** What becomes of a request in progress when another one comes, and how both end. */
const TWO: readonly (readonly [first: Command['kind'], second: Command['kind'], ends: readonly string[]])[] =
  [
    ['start', 'start', ['r1 reached', 'r2 reached']],
    ['start', 'stop', ['r1 replaced', 'r2 reached']],
    ['start', 'restart', ['r1 reached', 'r2 reached']],
    ['stop', 'start', ['r1 replaced', 'r2 reached']],
    ['stop', 'stop', ['r1 reached', 'r2 reached']],
    ['stop', 'restart', ['r1 replaced', 'r2 reached']],
    ['restart', 'start', ['r1 reached', 'r2 reached']],
    ['restart', 'stop', ['r1 replaced', 'r2 reached']],
    ['restart', 'restart', ['r1 reached', 'r2 reached']],
  ];

for (const [first, second, ends] of TWO) {
  test(`CC-1 CC-2 while a ${first} is in progress comes a ${second}: ${ends.join(', ')}`, async () => {
    // It takes a second to become ready and to stop, so that the second one comes in the middle of the first.
    const behave = () => ({ readyAfterMs: 1000, obeysAfterMs: 1000 });
    const seen = await run(
      [service('api')],
      [
        ...(first === 'start' ? [asked(2000, 'stop', 'api', { id: 'before' })] : []),
        asked(5000, first, 'api', { id: 'r1' }),
        asked(5500, second, 'api', { id: 'r2' }),
      ],
      behave,
    );
    const told = plot(seen, 5000).filter((line) => / (?:reached|replaced|failed|abandoned)/.test(line));
    assert.deepEqual(told.map((line) => line.replace(/ by r2$/, '')).toSorted(), [...ends].toSorted());
    const spawns = seen.log.filter(({ what }) => what === 'spawn' || what === 'gone').map(({ what }) => what);
    assert.ok(
      spawns.every((what, at) => what === (at % 2 === 0 ? 'spawn' : 'gone')),
      'one instance at a time',
    );
  });
}

/** By the state at rest that it leaves. */
const RESTS: Readonly<Record<string, () => Behaviour>> = {
  failed: () => crash(100),
  completed: () => ({ endsAfterMs: 100, exit: code(0) }),
  stopped: () => ({}),
};

for (const [rest, behave] of Object.entries(RESTS)) {
  test(`CC-1 what leaves ${rest} may be stopped in the very moment of that`, async () => {
    // Each of the others takes its turn in between.
    for (let between = 0; between < 8; between += 1) {
      const others = Array.from({ length: between }, () =>
        asked(0, 'signal', 'other', { signal: 'SIGUSR1' }),
      );
      const both = [
        asked(0, 'start', 'api', { id: 'out' }),
        ...others,
        asked(0, 'stop', 'api', { id: 'back' }),
      ];
      const seen = await run(
        [service('api', [], ignored), service('other')],
        rest === 'stopped' ? [asked(1000, 'stop', 'api', { id: 'first' })] : [],
        (name) => (name === 'api' ? behave() : { readyAfterMs: 5000 }),
        {
          answers: (event) =>
            event.type === 'service.ready' && event.service === 'other'
              ? both.map(({ request }) => request)
              : [],
        },
      );
      // One that has not left its rest yet stays as it is.
      assert.match(
        statesAt(seen, 9000),
        new RegExp(`^api (?:stopped|${rest})#`),
        `with ${between} in between`,
      );
      assert.equal(settled(seen, 'back')?.outcome, 'reached');
    }
  });
}

test('CC-3 a replaced request settles at once, and names the other', async () => {
  const seen = await run(chain(), [asked(1000, 'stop', 'db'), asked(1005, 'start', 'db')], () => ({
    obeysAfterMs: 500,
  }));
  const told = eventsOf(seen, 'request.settled').find(({ request }) => request === 'r1');
  assert.deepEqual([told?.ms, told?.outcome, told?.by], [1005, 'replaced', 'r2']);
});

test('CC-4 a request of which only what went along was replaced goes on', async () => {
  const seen = await run(
    chain(),
    [asked(1000, 'stop', 'db'), asked(1005, 'start', 'web', { noDeps: true })],
    () => ({
      obeysAfterMs: 500,
    }),
  );
  assert.equal(settled(seen, 'r1')?.outcome, 'reached');
  assert.equal(statesAt(seen, 9000), 'api stopped#1, db stopped#1, web pending#1');
});

test('CC-5 CC-6 restarts in one turn make one new instance, those that come after its spawn another', async () => {
  const seen = await run(
    [service('api')],
    [
      asked(1000, 'restart', 'api'),
      asked(1000, 'restart', 'api'),
      asked(1000, 'restart', 'api'),
      asked(1100, 'restart', 'api'),
    ],
    () => ({ readyAfterMs: 500 }),
  );
  assert.deepEqual(
    eventsOf(seen, 'service.starting').map(({ ms }) => ms),
    [0, 1010, 1110],
  );
  assert.deepEqual(outcomes(seen), ['r1 reached', 'r2 reached', 'r3 reached', 'r4 reached']);
});

test('CC-7 a start of what needs it lifts a stop, and a stop of what it needs replaces a start', async () => {
  const seen = await run(
    chain(),
    [
      asked(1000, 'stop', 'db'),
      asked(1001, 'start', 'api'),
      asked(5000, 'stop', 'api'),
      asked(6000, 'start', 'api'),
      asked(6001, 'stop', 'db'),
    ],
    () => ({ obeysAfterMs: 100, readyAfterMs: 100 }),
  );
  const told = Object.fromEntries(
    eventsOf(seen, 'request.settled').map(({ request, outcome, by }) => [request, `${outcome} ${by ?? ''}`]),
  );
  assert.deepEqual(told, {
    r1: 'replaced r2',
    r2: 'reached ',
    r3: 'reached ',
    r4: 'replaced r5',
    r5: 'reached ',
  });
});

test('CC-8 a stop whose turn has not come is taken back whole', async () => {
  const timing = { timeoutMs: 400, intervalMs: 500, successes: 1 };
  const check = { kind: 'exec', command: { kind: 'shell', script: 'check db' } } as const;
  const health: HealthConfig = {
    condition: { ...check, ...timing, withinMs: undefined },
    ...timing,
    failures: 1,
    onFailure: 'restart',
  };
  const services = [service('db', [], { health }), service('api', ['db'])];
  const ok = { afterMs: 1, end: code(0) };
  const seen = await run(
    services,
    [asked(1000, 'stop', 'db'), asked(3000, 'start', 'db')],
    (name) => (name === 'api' ? { obeysAfterMs: 60_000 } : {}),
    {
      commands: {
        'check db': [
          ok,
          ok,
          ok,
          { afterMs: 1, end: code(1) },
          { afterMs: 1, end: code(1) },
          { afterMs: 1, end: code(1) },
          { afterMs: 1, end: code(1) },
          ok,
        ],
      },
    },
  );
  // It was found unhealthy while it waited for its turn, and restarted for that when it was to stay.
  const unhealthy = eventsOf(seen, 'service.unhealthy')[0]!.ms;
  assert.ok(unhealthy > 1000 && unhealthy < 3000, `${unhealthy}`);
  const stop = eventsOf(seen, 'service.stopping').find((event) => event.service === 'db');
  assert.ok(stop!.ms > 3000 && /^health check failed/.test(stop!.reason), JSON.stringify(stop));
  assert.equal(settled(seen, 'r1')?.outcome, 'replaced');
});

test('CC-8 what was not asked yet stays as it is, and what went before it comes back', async () => {
  const seen = await run(chain(), [asked(1000, 'stop', 'db'), asked(1015, 'start', 'db')]);
  assert.equal(statesAt(seen, 9000), 'api ready#2, db ready#1, web ready#2');
});

test('TR-1 an end that is seen before a stop is accepted is unasked', async () => {
  const seen = await run([service('api')], [asked(1000, 'stop', 'api')], () => crash(1000));
  assert.deepEqual(story(seen, 1000), ['api.exited', 'r1 accepted [api]', 'api.stopped', 'r1 reached']);
});

test('TR-2 a crash while it waits for its turn to stop is a failure that acts on nobody', async () => {
  const services = [service('db'), service('api', ['db']), service('other')];
  const seen = await run(services, [asked(1000, 'stop', 'db')], (name) =>
    name === 'db' ? crash(2000) : { obeysAfterMs: name === 'api' ? 3000 : 10 },
  );
  assert.equal(statesAt(seen, 9000), 'api stopped#1, db failed#1, other ready#1');
  assert.equal(settled(seen, 'r1')?.outcome, 'reached');
  assert.equal(seen.outcome.status, 1);
});

test('TR-3 a stop after a trip: the ladder goes on, and the failure is not counted', async () => {
  const services = [service('api', [], { ready: { ...NOTIFY, withinMs: 1000 } })];
  const seen = await run(services, [asked(1100, 'stop', 'api')], () => ({
    readyAfterMs: 'never',
    obeysAfterMs: 3000,
  }));
  assert.deepEqual(plot(seen, 900), ['api.asked', 'r1 accepted [api]', 'api.stopped', 'r1 reached']);
  assert.equal(seen.log.filter(({ what }) => what === 'ask').length, 1);
});

test('TR-4 a start or restart after a trip and before the next spawn: no delay, counters reset, one instance', async () => {
  const services = [
    service('api', [], { ready: { ...NOTIFY, withinMs: 1000 }, ...restart({ delayMs: 60_000, max: 1 }) }),
  ];
  const seen = await run(services, [asked(1100, 'restart', 'api')], (_, attempt) =>
    attempt === 1 ? { readyAfterMs: 'never', obeysAfterMs: 3000 } : {},
  );
  assert.deepEqual(plot(seen, 900), ['api.asked', 'r1 accepted [api]', 'api.up', 'api.ready', 'r1 reached']);
  assert.equal(eventsOf(seen, 'service.starting')[1]?.ms, 4000);
});

test('TR-5 readiness in the turn of a stop comes before it, or not at all', async () => {
  const seen = await run([service('db')], [asked(1000, 'stop', 'db')], () => ({ readyAfterMs: 1000 }));
  const told = story(seen, 1000);
  assert.ok(!told.includes('db.ready') || told.indexOf('db.ready') < told.indexOf('db.asked'), told.join());
});

test('TR-6 once a stop is planned its watchdog acts no more', async () => {
  const watchdog = { withinMs: 500, source: 'fd', onFailure: 'restart' } as const;
  const services = [service('db', [], { watchdog }), service('api', ['db'])];
  const says = Array.from({ length: 3 }, (_, at) => ({
    afterMs: 10 + at * 400,
    notification: { kind: 'heartbeat' as const },
  }));
  const seen = await run(services, [asked(1000, 'stop', 'db')], (name) =>
    name === 'db' ? { says } : { obeysAfterMs: 4000 },
  );
  assert.deepEqual(
    eventsOf(seen, 'service.stopping').map(({ service: of, reason }) => [of, reason]),
    [
      ['api', 'request r1 stops "db"'],
      ['db', 'request r1 stops it'],
    ],
  );
});

test('TK-1 a start of a task is reached when it has completed; it runs once for each wish', async () => {
  const seen = await run(
    [task('job')],
    [asked(1000, 'start', 'job'), asked(5000, 'start', 'job')],
    () => ({ endsAfterMs: 300 }),
    {
      options: { isDetached: true },
    },
  );
  assert.deepEqual(
    eventsOf(seen, 'request.settled').map(({ ms }) => ms),
    [1300, 5300],
  );
  assert.equal(eventsOf(seen, 'service.starting').length, 3);
});

test('TK-2 a task that is stopped is not completed, and what waits for it says who stopped it', async () => {
  const services = [task('job'), service('api', [completed('job')])];
  const seen = await run(
    services,
    [asked(1000, 'stop', 'job'), asked(2000, 'wait', 'api', { until: 'ready' })],
    () => ({}),
  );
  assert.equal(statesAt(seen, 9000), 'api pending#0, job stopped#1');
  assert.equal(settled(seen, 'r2')?.why, '"api" waits for "job": request r1 stops it');
});

test('TK-3 while a task runs again what runs is not touched, and what is to start waits', async () => {
  const services = [
    task('job', [], ignored),
    service('old', [completed('job')]),
    service('new', [completed('job')]),
  ];
  const seen = await run(
    services,
    [asked(1000, 'stop', 'new'), asked(2000, 'start', 'job'), asked(2100, 'start', 'new')],
    (name, attempt) => (name === 'job' ? { endsAfterMs: attempt === 1 ? 50 : 3000 } : {}),
  );
  assert.equal(statesAt(seen, 4000), 'job starting#2, new pending#1, old ready#1');
  assert.equal(statesAt(seen, 9000), 'job completed#2, new ready#2, old ready#1');
});

test('TK-3 a task that is started again while it is still ending is no loss to what runs', async () => {
  const services = [task('job'), service('api', [{ ...restarting('job'), condition: 'started' }])];
  const seen = await run(services, [asked(45, 'start', 'job')], (name, attempt) =>
    name === 'job' ? { endsAfterMs: 40, ...(attempt === 1 && { leavesBehind: 500 }) } : {},
  );
  assert.equal(statesAt(seen, 9000), 'api ready#1, job completed#2');
});

test('TK-4 when a task that failed completes, those that were skipped because of it start', async () => {
  const services = [task('job', [], ignored), service('api', [completed('job')])];
  const seen = await run(
    services,
    [asked(1000, 'start', 'job')],
    (name, attempt) => (name === 'job' ? { endsAfterMs: 50, exit: code(attempt === 1 ? 1 : 0) } : {}),
    { options: { isDetached: true } },
  );
  assert.equal(statesAt(seen, 900), 'api skipped#0, job failed#1');
  assert.equal(statesAt(seen, 9000), 'api ready#1, job completed#2');
});

test('TK-5 a restart by a person stops a task that runs, and runs it again', async () => {
  const seen = await run([task('job')], [asked(1000, 'restart', 'job')], (_, attempt) => ({
    endsAfterMs: attempt === 1 ? 'never' : 300,
  }));
  assert.deepEqual(plot(seen, 1000), [
    'r1 accepted [job]',
    'job.asked',
    'job.up',
    'job.completed',
    'r1 reached',
  ]);
});

test('GU-1 what is being stopped for a failure holds no edge, though a start has the failure forgotten meanwhile', async () => {
  const started = (name: string) => sampleEdge(name, { condition: 'started' });
  const services = [
    service('db', [], { onFailure: 'isolate', ...restart({ policy: 'no' }) }),
    service('api', [started('db')]),
    service('web', [started('api')]),
  ];
  const seen = await run(
    services,
    [asked(1500, 'start', 'api', { id: 'r1' }), signal(20_000)],
    (name, attempt) => ({
      ...(name === 'db' &&
        attempt === 1 && { readyAfterMs: 'never' as const, endsAfterMs: 1000, exit: code(1) }),
      ...(name === 'api' && { obeysAfterMs: 2000 }),
    }),
  );
  const starts = eventsOf(seen, 'service.starting').map(
    ({ ms, service: name, attempt }) => `${ms} ${name} ${attempt}`,
  );
  assert.deepEqual(starts.slice(0, 3), ['0 db 1', '0 api 1', '0 web 1']);
  assert.deepEqual(
    starts.slice(3).map((line) => line.split(' ').slice(1).join(' ')),
    ['db 2', 'api 2', 'web 2'],
  );
  const again = eventsOf(seen, 'service.starting').find((one) => one.service === 'web' && one.attempt === 2)!;
  assert.ok(again.ms >= 3000, `web at ${again.ms}`);
  assert.ok(settled(seen, 'r1')!.ms >= 3000);
});
