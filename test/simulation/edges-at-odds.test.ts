/**
 * Losses at awkward moments: during start-up, back-off, clean-up, shutdown; of tasks; with values.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { eventsOf } from '../support/simulated-lives.ts';
import {
  crashes,
  deeds,
  notify,
  play,
  reasons,
  restart,
  service,
  sigterm,
  startsOf,
  USUAL,
} from '../support/small-graphs.ts';

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
    ['100 ask api', '105 exit api', '125 ask db', '130 exit db', '250 spawn db'],
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
