/**
 * How often a service is started again until it has failed for good, on a virtual clock.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RestartPolicy } from '../../src/config/types.ts';
import { checkRecord } from '../support/check-record.ts';
import { eventsOf } from '../support/simulated-lives.ts';
import type { Simulated } from '../support/simulation.ts';
import {
  crashes,
  notify,
  play,
  restart,
  service,
  sigterm,
  startsOf,
  USUAL,
} from '../support/small-graphs.ts';

const policy: RestartPolicy = service('any').restart;
const told = (seen: Simulated) => eventsOf(seen, 'service.backoff').map(({ restarts }) => restarts?.used);

test('G8 what is never ready fails for good with all defaults, and who waits for it is skipped', async () => {
  const services = [service('db', {}, { ready: notify }), service('tests', { db: {} }, { type: 'task' })];
  const seen = await play(
    services,
    {
      db: Array.from({ length: 10 }, () => ({ ...USUAL, readyAfterMs: 'never' as const })),
    },
    { requests: [] },
  );
  assert.equal(startsOf(seen, 'db'), 6);
  assert.equal(startsOf(seen, 'tests'), 0);
  assert.deepEqual(told(seen), [1, 2, 3, 4, 5]);
  assert.equal(seen.outcome.status, 1);
  assert.match(seen.outcome.cause, /"db" failed: not ready within 1 m.*; restarted 5 times in a row$/);
  assert.deepEqual(checkRecord(services, seen.events, { toldWithinMs: 0 }), []);
});

test('what is ready for a while and crashes again and again fails for good, however slow', async () => {
  const services = [service('db')];
  const seen = await play(
    services,
    { db: Array.from({ length: 10 }, () => crashes(29_900)) },
    { requests: [] },
  );
  assert.equal(startsOf(seen, 'db'), 6);
  assert.equal(seen.outcome.status, 1);
});

test('who was ready for reset_after each time is started again for days', async () => {
  const seen = await play(
    [service('db')],
    { db: Array.from({ length: 500 }, () => crashes(30_010)) },
    {
      requests: [sigterm(400 * 30_200)],
    },
  );
  assert.ok(startsOf(seen, 'db') > 390);
  assert.deepEqual([...new Set(told(seen))], [1, 2]);
  assert.equal(seen.outcome.status, 143);
});

test('a loss that it answers ends a row only if it was ready for reset_after', async () => {
  const relier = (resetAfterMs: number) =>
    play(
      [
        service('db', {}, { restart: { ...policy, max: 0 } }),
        service('api', { db: restart() }, { restart: { ...policy, resetAfterMs } }),
      ],
      { db: [crashes(2000), USUAL], api: [crashes(50), crashes(50), USUAL, crashes(50), USUAL] },
    );
  const counts = async (resetAfterMs: number) =>
    eventsOf(await relier(resetAfterMs), 'service.backoff')
      .filter((event) => event.service === 'api')
      .map(({ failures }) => failures);
  assert.deepEqual(await counts(30_000), [1, 2, 3]);
  assert.deepEqual(await counts(500), [1, 2, 1]);
});

test('without a delay a crash loop of thousands stays finite and is limited by nothing but max: 0', async () => {
  const endless: RestartPolicy = { ...policy, max: 0, delayMs: 0 };
  let instances = 0;
  const seen = await play(
    [service('db', {}, { restart: endless, cleanup: [] })],
    {},
    {
      behave: () => {
        instances++;
        return crashes(1);
      },
      requests: [sigterm(3000)],
    },
  );
  assert.ok(instances > 1100, `${instances}`);
  assert.equal(seen.outcome.status, 143);
  assert.ok(eventsOf(seen, 'service.backoff').every(({ delay_ms }) => delay_ms === 0));
  assert.ok(
    eventsOf(seen, 'service.backoff').every(({ kind }) => kind === 'exited-early' || kind === 'exited'),
  );
});
