/**
 * What follows the loss of a dependency, on small graphs and a virtual clock: who stops when, for which reason, and when
 * it is back.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Edge, OnLoss, ServiceConfig } from '../../src/config/types.ts';
import { sampleEdge, sampleService } from '../support/sample-config.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { eventsOf } from '../support/simulated-lives.ts';
import { type Scenario, type Simulated, simulate, type TimedRequest } from '../support/simulation.ts';

const notify = {
  kind: 'notify',
  protocol: 'fd',
  withinMs: 60_000,
  timeoutMs: 1000,
  intervalMs: undefined,
  successes: 1,
} as const;

type Written = Readonly<Record<string, Partial<Edge>>>;
const restart = (afterMs = 0): { onLoss: OnLoss } => ({ onLoss: { act: 'restart', afterMs } });
const stop = (afterMs = 0): { onLoss: OnLoss } => ({ onLoss: { act: 'stop', afterMs } });

/** Each is ready 10 ms after its spawn, obeys after 5, and is cleaned up after in 20. */
function service(name: string, edges: Written = {}, more: Partial<ServiceConfig> = {}): ServiceConfig {
  return sampleService(name, {
    ready: notify,
    dependsOn: Object.entries(edges).map(([on, edge]) => sampleEdge(on, edge)),
    cleanup: [{ run: { kind: 'shell', script: `clean ${name}` }, timeoutMs: 1000 }],
    ...more,
  });
}

const USUAL: Behaviour = { readyAfterMs: 10, obeysAfterMs: 5 };
const crashes = (endsAfterMs: number, more: Behaviour = {}): Behaviour => ({
  ...USUAL,
  endsAfterMs,
  exit: { kind: 'code', code: 1 },
  ...more,
});
const sigterm = (atMs: number): TimedRequest => ({ atMs, request: { kind: 'signal', signal: 'SIGTERM' } });

/** `instances`: how the instances of a service behave, in order; those that aren't there as usual. */
function play(
  services: readonly ServiceConfig[],
  instances: Readonly<Record<string, readonly Behaviour[]>>,
  more: Partial<Scenario> = {},
): Promise<Simulated> {
  return simulate({
    services,
    behave: (name, attempt) => instances[name]?.[attempt - 1] ?? USUAL,
    commands: Object.fromEntries(services.map(({ name }) => [`clean ${name}`, { afterMs: 20 }])),
    requests: [sigterm(5000)],
    ...more,
  });
}

/** What was done from `fromMs` on, until the shutdown. */
function deeds(seen: Simulated, fromMs: number): readonly string[] {
  const untilMs = eventsOf(seen, 'shutdown.requested')[0]?.ms ?? Infinity;
  return seen.log
    .filter(({ ms, what }) => ms >= fromMs && ms < untilMs && what !== 'gone')
    .map(({ ms, what, service: name }) => `${ms} ${what} ${name}`);
}

const reasons = (seen: Simulated) =>
  eventsOf(seen, 'service.stopping').map((event) => `${event.service}: ${event.reason}`);
const startsOf = (seen: Simulated, name: string) =>
  eventsOf(seen, 'service.starting').filter((event) => event.service === name).length;

const LOST = '"db" was lost: exited with code 1 after 100 ms';

test('G2 a chain falls from its end, cleaned up, and comes back from its beginning', async () => {
  const seen = await play(
    [service('db'), service('api', { db: restart() }), service('web', { api: restart() })],
    { db: [crashes(100)] },
  );
  assert.deepEqual(deeds(seen, 100), [
    '100 exit db',
    '100 ask web',
    '105 exit web',
    '125 ask api',
    '130 exit api',
    '220 spawn db',
    '230 ready db',
    '230 spawn api',
    '240 ready api',
    '240 spawn web',
    '250 ready web',
  ]);
  assert.deepEqual(reasons(seen).slice(0, 2), [`web: "api" was lost: ${LOST}`, `api: ${LOST}`]);
  assert.equal(seen.outcome.status, 143);
});

test('the relaunch of what crashed waits for those that gave way, clean-ups included', async () => {
  const slow = { ...USUAL, obeysAfterMs: 400 };
  const seen = await play([service('db'), service('api', { db: restart() })], {
    db: [crashes(100)],
    api: [slow],
  });
  // The back-off was over at 220.
  assert.deepEqual(deeds(seen, 200).slice(0, 2), ['500 exit api', '520 spawn db']);
});

test('a diamond: the top is stopped once, for one reason, and started once, when both sides are ready', async () => {
  const seen = await play(
    [
      service('db'),
      service('a', { db: restart() }),
      service('b', { db: restart() }),
      service('top', { a: restart(), b: restart() }),
    ],
    { db: [crashes(100)], b: [USUAL, { ...USUAL, readyAfterMs: 300 }] },
  );
  assert.deepEqual(
    reasons(seen).filter((reason) => reason.startsWith('top: "')),
    [`top: "a" was lost: ${LOST}`],
  );
  assert.equal(startsOf(seen, 'top'), 2);
  assert.deepEqual(
    deeds(seen, 200).filter((deed) => deed.endsWith('top')),
    ['530 spawn top', '540 ready top'],
  );
});

test('a dependency that flaps restarts nobody who already waits for it', async () => {
  const seen = await play([service('db'), service('api', { db: restart() })], {
    db: [crashes(100), crashes(5), crashes(5)],
  });
  assert.equal(startsOf(seen, 'db'), 4);
  assert.equal(startsOf(seen, 'api'), 2);
  const pending = eventsOf(seen, 'service.pending').filter(({ attempt }) => attempt === 1);
  assert.deepEqual(
    pending.map(({ waiting_for }) => waiting_for),
    [[{ service: 'db', condition: 'ready' }]],
  );
  assert.equal(
    eventsOf(seen, 'service.backoff').some((event) => event.service === 'api'),
    false,
  );
});

const AFTER: readonly [string, number, readonly string[]][] = [
  ['back in time: nothing happens', 131, ['100 exit db', '220 spawn db', '230 ready db']],
  [
    'too late: it gives way then, and what it waits for is not held up',
    129,
    [
      '100 exit db',
      '220 spawn db',
      '229 ask api',
      '230 ready db',
      '234 exit api',
      '254 spawn api',
      '264 ready api',
    ],
  ],
];

for (const [what, afterMs, wanted] of AFTER) {
  test(`after: ${what}`, async () => {
    const seen = await play([service('db'), service('api', { db: restart(afterMs) })], {
      db: [crashes(100)],
    });
    assert.deepEqual(deeds(seen, 100), wanted);
    if (afterMs < 130) assert.equal(reasons(seen)[0], `api: ${LOST}, and was not back within 129 ms`);
  });
}

test('after is counted anew for each loss', async () => {
  const seen = await play([service('db'), service('api', { db: restart(200) })], {
    db: [crashes(100), crashes(50), crashes(50)],
  });
  // The first loss takes 130 ms, the second 230, the third 430.
  assert.equal(startsOf(seen, 'api'), 3);
  assert.match(reasons(seen)[0] ?? '', /^api: "db" was lost: .* not back within 200 ms$/);
});

test('the end of a chain may wait longer than its middle is away, and run on', async () => {
  const seen = await play(
    [service('db'), service('api', { db: restart() }), service('web', { api: restart(1000) })],
    { db: [crashes(100)] },
  );
  assert.equal(startsOf(seen, 'api'), 2);
  assert.equal(startsOf(seen, 'web'), 1);
});

test('keep: it runs on, and is not waited for', async () => {
  const seen = await play([service('db'), service('api', { db: {} })], { db: [crashes(100)] });
  assert.deepEqual(deeds(seen, 100), ['100 exit db', '220 spawn db', '230 ready db']);
});

test('stop: it ends for good, and who waits for it is skipped with the chain', async () => {
  const seen = await play(
    [
      service('db'),
      service('api', { db: stop() }),
      service('late', { api: { condition: 'started' }, slow: {} }),
      service('slow'),
    ],
    { db: [crashes(100)], slow: [{ ...USUAL, readyAfterMs: 500 }] },
  );
  assert.equal(startsOf(seen, 'api'), 1);
  const [stopped] = eventsOf(seen, 'service.stopped');
  assert.deepEqual([stopped?.service, stopped?.ms], ['api', 125]);
  assert.equal(eventsOf(seen, 'service.skipped')[0]?.because, `"api" was stopped: ${LOST}`);
  assert.equal(seen.outcome.status, 143);
});

test('of two losses at once the first is the reason, and stop is the stronger', async () => {
  const seen = await play([service('db'), service('mq'), service('api', { mq: restart(), db: stop() })], {
    db: [crashes(100)],
    mq: [crashes(100)],
  });
  assert.deepEqual(reasons(seen)[0], 'api: "mq" was lost: exited with code 1 after 100 ms');
  assert.equal(startsOf(seen, 'api'), 1);
});

const OVER: readonly [string, Partial<ServiceConfig>, Behaviour, string][] = [
  [
    'isolate',
    { onFailure: 'isolate', restart: { ...service('').restart, policy: 'no' } },
    crashes(100),
    '"db" failed: exited with code 1 after 100 ms',
  ],
  ['ignore', { onFailure: 'ignore', restart: { ...service('').restart, policy: 'no' } }, crashes(100), LOST],
  ['completion', {}, crashes(100, { exit: { kind: 'code', code: 0 } }), LOST.replace('code 1', 'code 0')],
];

for (const [what, more, behaviour, reason] of OVER) {
  test(`what is lost for good (${what}) stops who would have restarted`, async () => {
    const seen = await play([service('db', {}, more), service('api', { db: restart() })], {
      db: [behaviour],
    });
    assert.deepEqual(reasons(seen), [`api: ${reason}`]);
    assert.equal(eventsOf(seen, 'service.stopped').find((event) => event.service === 'api')?.ms, 125);
    assert.equal(eventsOf(seen, 'service.skipped').length, 0);
  });
}

test('an optional dependency that is over is done without; one that never was there is not lost', async () => {
  const isolated = {
    onFailure: 'isolate' as const,
    restart: { ...service('').restart, policy: 'no' as const },
  };
  const seen = await play(
    [service('cache', {}, isolated), service('api', { cache: { optional: true, ...restart() } })],
    { cache: [crashes(100)] },
  );
  assert.deepEqual(deeds(seen, 100), [
    '100 exit cache',
    '100 ask api',
    '105 exit api',
    '125 spawn api',
    '135 ready api',
  ]);
  const never = await play(
    [
      service('cache', {}, isolated),
      service('api', { cache: { optional: true, timeoutMs: 50, ...restart() } }),
    ],
    { cache: [crashes(100, { readyAfterMs: 'never' })] },
  );
  assert.equal(startsOf(never, 'api'), 1);
  assert.deepEqual(reasons(never), ['api: SIGTERM']);
});

test('an optional dependency that came later counts from then on', async () => {
  const seen = await play(
    [service('cache'), service('api', { cache: { optional: true, timeoutMs: 50, ...restart() } })],
    {
      cache: [crashes(400, { readyAfterMs: 100 })],
    },
  );
  assert.deepEqual(
    deeds(seen, 0).filter((deed) => deed.endsWith('api')),
    ['50 spawn api', '60 ready api', '400 ask api', '405 exit api', '475 spawn api', '485 ready api'],
  );
});

test('what is told to stop is gone, as far as an optional edge goes: who reacts goes on without it, and it stops', async () => {
  const isolated = {
    onFailure: 'isolate' as const,
    restart: { ...service('').restart, policy: 'no' as const },
  };
  const seen = await play(
    [
      service('db', {}, isolated),
      service('cache', { db: {} }),
      service('api', { cache: { optional: true, ...restart() } }),
    ],
    { db: [crashes(100)] },
  );
  assert.deepEqual(
    deeds(seen, 100).filter((deed) => !deed.includes('ready')),
    ['100 exit db', '100 ask api', '105 exit api', '125 spawn api', '125 ask cache', '130 exit cache'],
  );
  assert.match(
    reasons(seen)[0] ?? '',
    /^api: "cache" was lost: has to stop: "db" failed: exited with code 1/,
  );
});

test('a loss during start-up takes back the start', async () => {
  const seen = await play([service('db'), service('api', { db: restart() })], {
    db: [crashes(100)],
    api: [{ ...USUAL, readyAfterMs: 500 }],
  });
  assert.deepEqual(deeds(seen, 100).slice(0, 4), [
    '100 exit db',
    '100 ask api',
    '105 exit api',
    '220 spawn db',
  ]);
  assert.equal(eventsOf(seen, 'service.ready').filter(({ attempt }) => attempt === 1).length, 1);
});

test('a loss between the last look and the spawn is a loss', async () => {
  const seen = await play([service('db'), service('api', { db: restart() })], {
    db: [crashes(100)],
    api: [{ ...USUAL, executedAfterMs: 120 }],
  });
  assert.deepEqual(deeds(seen, 100).slice(0, 4), [
    '100 exit db',
    '130 ask api',
    '135 exit api',
    '220 spawn db',
  ]);
});

test('a loss during back-off or clean-up finds nobody to stop', async () => {
  const seen = await play([service('db'), service('api', { db: restart() })], {
    db: [crashes(120)],
    api: [crashes(105), USUAL],
  });
  assert.deepEqual(deeds(seen, 100), [
    '115 exit api',
    '120 exit db',
    '240 spawn db',
    '250 ready db',
    '250 spawn api',
    '260 ready api',
  ]);
  assert.equal(eventsOf(seen, 'service.backoff').length, 2);
});

test('who ends by itself while it gives way has not failed', async () => {
  const seen = await play(
    [service('db'), service('api', { db: restart() }), service('web', { api: restart() })],
    { db: [crashes(100)], api: [crashes(91)], web: [{ ...USUAL, obeysAfterMs: 50 }] },
  );
  assert.deepEqual(
    eventsOf(seen, 'service.backoff').map((event) => event.service),
    ['db'],
  );
  assert.equal(startsOf(seen, 'api'), 2);
});

test('a task with success is not lost, one that is cut short starts again', async () => {
  const done = await play(
    [
      service('migrate', {}, { type: 'task', ready: undefined }),
      service('api', { migrate: { condition: 'started', ...restart() } }),
    ],
    { migrate: [{ endsAfterMs: 50 }] },
  );
  assert.equal(startsOf(done, 'api'), 1);
  assert.deepEqual(reasons(done), ['api: SIGTERM']);
  const cut = await play(
    [service('db'), service('migrate', { db: restart() }, { type: 'task', ready: undefined })],
    { db: [crashes(100)], migrate: [{ ...USUAL, endsAfterMs: 200 }, { endsAfterMs: 50 }] },
  );
  assert.equal(startsOf(cut, 'migrate'), 2);
  assert.equal(eventsOf(cut, 'service.completed').length, 1);
});

test('what is never ready waits for those that took it as started', async () => {
  const seen = await play(
    [
      service('db', {}, { ready: { ...notify, withinMs: 100 } }),
      service('api', { db: { condition: 'started', ...restart() } }),
    ],
    { db: [{ ...USUAL, readyAfterMs: 'never' }] },
  );
  assert.deepEqual(
    deeds(seen, 100)
      .filter((deed) => !deed.includes('ready'))
      .slice(0, 5),
    ['200 ask api', '205 exit api', '225 ask db', '230 exit db', '350 spawn db'],
  );
});

test('G2 G4 a shutdown goes before, at any point of a fall', async () => {
  const services = [
    service('db'),
    service('api', { db: restart() }),
    service('web', { api: restart(50) }),
    service('page', { web: restart() }),
  ];
  const stubborn = { ...USUAL, obeysAfterMs: 60 };
  for (let atMs = 101; atMs <= 420; atMs += 5) {
    const seen = await play(
      services,
      { db: [crashes(100)], api: [stubborn], web: [stubborn] },
      {
        requests: [sigterm(atMs)],
      },
    );
    assert.equal(seen.outcome.status, 143, `${atMs}`);
    assert.ok(seen.endMs < atMs + 300, `${seen.endMs} after ${atMs}`);
    assert.ok(
      seen.log.every(({ what, ms }) => what !== 'spawn' || ms <= atMs),
      `started after ${atMs}`,
    );
  }
});

test('G3 the third signal cuts a fall short', async () => {
  const seen = await play(
    [service('db'), service('api', { db: restart() }), service('web', { api: restart() })],
    {
      db: [crashes(100)],
      web: [{ ...USUAL, obeysAfterMs: 'never' }],
      api: [{ ...USUAL, obeysAfterMs: 'never' }],
    },
    { requests: [sigterm(200), sigterm(600), sigterm(1000)], commands: { 'clean web': { afterMs: 900 } } },
  );
  assert.equal(seen.outcome.status, 3);
  assert.ok(seen.endMs <= 1010, `${seen.endMs}`);
});

test('a crash that takes everything down is the cause of every stop, not a loss', async () => {
  const failing = { restart: { ...service('').restart, policy: 'no' as const } };
  const seen = await play([service('db', {}, failing), service('api', { db: restart() })], {
    db: [crashes(100)],
  });
  assert.deepEqual(reasons(seen), ['api: "db" failed: exited with code 1 after 100 ms']);
  assert.equal(seen.outcome.status, 1);
});

test('one starting slot is enough for a diamond to come back', async () => {
  const seen = await play(
    [
      service('db'),
      service('a', { db: restart() }),
      service('b', { db: restart(1) }),
      service('top', { a: restart(), b: restart() }),
    ],
    { db: [crashes(100)] },
    { options: { maxStarting: 1 } },
  );
  assert.equal(startsOf(seen, 'top'), 2);
});

test('values are filled in anew; who keeps running with an old one is told what helps', async () => {
  const port = (value: string): Behaviour => ({ ...USUAL, values: { port: value } });
  const env = { PORT: [{ service: 'db', value: 'port' }] };
  const seen = await play(
    [
      service('db'),
      service('keeps', { db: {} }, { env }),
      service('patient', { db: restart(1000) }, { env }),
      service('api', { db: restart() }, { env }),
      service('unconcerned', { db: {} }),
    ],
    { db: [{ ...crashes(100), ...port('1'), endsAfterMs: 100 }, port('2')] },
  );
  assert.deepEqual(
    eventsOf(seen, 'service.note').map(({ service: name, text }) => [name, text]),
    [
      [
        'keeps',
        'still uses "1" for ${db.port}, which "db" has changed to "2": give its dependency on "db" on_loss: restart',
      ],
      [
        'patient',
        'still uses "1" for ${db.port}, which "db" has changed to "2": take "after" away from its dependency on "db"',
      ],
    ],
  );
  assert.deepEqual(
    seen.commands.filter(({ text }) => text === 'clean api').map(({ command }) => command.env.PORT),
    ['1', '2'],
  );
});
