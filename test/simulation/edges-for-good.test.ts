/**
 * Losses for good, and of what a service can do without.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceConfig } from '../../src/config/types.ts';
import { NOTIFY } from '../support/commanding.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { eventsOf } from '../support/simulated-lives.ts';
import {
  crashes,
  deeds,
  LOST,
  play,
  reasons,
  restart,
  service,
  startsOf,
  USUAL,
} from '../support/small-graphs.ts';

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

test('G2 what falls with a failure is not held up by what runs on without it', async () => {
  const isolated = {
    onFailure: 'isolate' as const,
    restart: { ...service('').restart, policy: 'no' as const },
  };
  const seen = await play(
    [
      service('db', {}, isolated),
      service('cache', { db: {} }),
      service('api', { cache: { optional: true } }),
      service('report', { cache: { optional: true, condition: 'completed' } }),
    ],
    { db: [crashes(100)] },
  );
  const asked = eventsOf(seen, 'service.stopping').filter(({ ms }) => ms < 5000);
  assert.deepEqual(
    asked.map((event) => `${event.ms} ${event.service}`),
    ['100 cache'],
  );
  assert.equal(startsOf(seen, 'report'), 1);
});

test('G2 what is at rest stands in nobody’s way: a failed dependency is asked when what reacts to it is gone', async () => {
  const isolated = {
    onFailure: 'isolate' as const,
    restart: { ...service('').restart, policy: 'no' as const },
  };
  const never = { ...isolated, ready: { ...NOTIFY, withinMs: 500 } };
  const seen = await play(
    [
      service('db', {}, never),
      service('api', { db: { condition: 'started', ...restart() } }, isolated),
      service('job', { api: {} }, isolated),
      service(
        'web',
        { api: { optional: true, ...restart() }, job: { optional: true, ...restart() } },
        isolated,
      ),
    ],
    {
      db: [{ readyAfterMs: 'never', obeysAfterMs: 50 }],
      api: [{ ...USUAL, obeysAfterMs: 50 }],
      job: [crashes(100)],
      web: [{ ...USUAL, obeysAfterMs: 50 }],
    },
  );
  const asked = eventsOf(seen, 'service.stopping').filter(({ ms }) => ms < 5000);
  assert.deepEqual(
    asked.map((event) => `${event.ms} ${event.service}`),
    ['110 web', '500 web', '525 api', '595 db'],
  );
});
