/**
 * What follows the loss of a dependency, on small graphs and a virtual clock: who stops when, for which reason, and when
 * it is back.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
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
  stop,
  USUAL,
} from '../support/small-graphs.ts';

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
    [[{ service: 'db', condition: 'ready', why: 'backoff' }]],
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
