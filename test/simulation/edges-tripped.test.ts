/**
 * A service that a monitor found wrong, and those that rely on it: who is stopped when.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WatchdogConfig } from '../../src/config/types.ts';
import { eventsOf } from '../support/simulated-lives.ts';
import { deeds, play, reasons, restart, service, sigterm, USUAL } from '../support/small-graphs.ts';

const watchdog: WatchdogConfig = { withinMs: 100, source: 'fd', onFailure: 'restart' };
const SILENT = 'no heartbeat from "db" for 100 ms';
/** The second instance gives signs of life. */
const ALIVE = {
  ...USUAL,
  says: Array.from({ length: 100 }, (_, n) => ({
    afterMs: 50 * n,
    notification: { kind: 'heartbeat' } as const,
  })),
};

const graph = (trip: WatchdogConfig['onFailure'] = 'restart') => [
  service('db', {}, { watchdog: { ...watchdog, onFailure: trip } }),
  service('api', { db: restart() }),
  service('page', { db: {} }),
];

test('G2 who relies on it is gone before it is asked, who can run without it runs on', async () => {
  const seen = await play(graph(), { db: [USUAL, ALIVE], api: [{ ...USUAL, obeysAfterMs: 200 }] });
  assert.deepEqual(deeds(seen, 110), [
    ...['110 ask api', '310 exit api', '330 ask db', '335 exit db', '455 spawn db', '465 ready db'],
    ...['465 spawn api', '475 ready api'],
  ]);
  assert.deepEqual(reasons(seen).slice(0, 2), [`api: "db" was lost: ${SILENT}`, `db: ${SILENT}`]);
});

test('G2 one that ends by itself while it waits to be asked is not asked, and is cleaned up after at once', async () => {
  const seen = await play(graph(), {
    db: [{ ...USUAL, endsAfterMs: 150 }, ALIVE],
    api: [{ ...USUAL, obeysAfterMs: 200 }],
  });
  assert.deepEqual(deeds(seen, 110).slice(0, 3), ['110 ask api', '150 exit db', '310 exit api']);
  const [exited] = eventsOf(seen, 'service.exited').filter(({ service: name }) => name === 'db');
  assert.deepEqual([exited?.ms, exited?.asked], [150, false]);
  const stopping = eventsOf(seen, 'service.stopping').filter(({ service: name }) => name === 'db');
  assert.deepEqual(
    stopping.map(({ attempt }) => attempt),
    [2],
  );
  assert.ok(!deeds(seen, 110).includes('330 ask db'));
});

test('G2 on_failure: shutdown takes everything down in order, the one that tripped last', async () => {
  const seen = await play(graph('shutdown'), {});
  assert.equal(seen.outcome.status, 1);
  const asked = seen.log.filter(({ what }) => what === 'ask').map(({ service: name }) => name);
  assert.deepEqual(asked.toSorted(), ['api', 'db', 'page']);
  assert.equal(asked.at(-1), 'db');
  assert.match(seen.outcome.cause, /^"db" failed: no heartbeat/);
});

test('a monitor says nothing of one that gives way', async () => {
  const services = [
    service('root'),
    service('db', { root: restart() }, { watchdog }),
    service('api', { db: restart() }),
  ];
  const seen = await play(
    services,
    {
      root: [{ ...USUAL, endsAfterMs: 60, exit: { kind: 'code', code: 1 } }],
      api: [{ ...USUAL, obeysAfterMs: 500 }],
    },
    { requests: [sigterm(700)] },
  );
  assert.deepEqual(
    eventsOf(seen, 'service.unhealthy').filter(({ attempt }) => attempt === 1),
    [],
  );
});
