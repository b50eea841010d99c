/**
 * What follows when the health of a service has failed: its stop, its restarts, the end of all; on the virtual clock.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bad, db, endless, notify, ok, run, runDb, spawns, told } from '../support/health-scenario.ts';
import { sampleEdge, sampleService } from '../support/sample-config.ts';
import { eventsOf } from '../support/simulated-lives.ts';

test('shutdown: everything goes down, whatever its own on_failure says', async () => {
  const api = sampleService('api', { dependsOn: [sampleEdge('db', { condition: 'started' })] });
  const seen = await run(
    {
      services: [db({ onFailure: 'shutdown' }, { onFailure: 'ignore' }), api],
      commands: { 'check db': [bad] },
    },
    20_500,
  );
  const [requested] = eventsOf(seen, 'shutdown.requested');
  assert.deepEqual(requested?.cause, {
    kind: 'collapse',
    service: 'db',
    why: 'health check failed 3 times in a row: exec check db: exited with 1',
  });
  assert.equal(requested?.ms, 3100);
  assert.deepEqual(spawns(seen), [0, 0]);
  assert.equal(seen.outcome.status, 1);
});

test('who is not restarted has failed for good', async () => {
  const spec = db({ failures: 1 }, { restart: { ...endless, policy: 'no' } });
  const seen = await runDb([bad], spec);
  assert.equal(
    eventsOf(seen, 'service.failed')[0]?.cause,
    'health check failed: exec check db: exited with 1',
  );
  assert.equal(seen.outcome.status, 1);
});

test('what was stopped for its health is asked, and killed at its grace', async () => {
  const seen = await run(
    {
      services: [db({}, { stop: { ...sampleService('db').stop, graceMs: 2000 } })],
      commands: { 'check db': [bad, bad, bad, ok] },
      behave: (_, attempt) => (attempt === 1 ? { obeysAfterMs: 'never' } : {}),
    },
    20_500,
  );
  const deeds = seen.log.map(({ ms, what }) => `${ms} ${what}`);
  assert.deepEqual(deeds.slice(0, 5), ['0 spawn', '3100 ask', '5100 kill', '5101 exit', '5101 gone']);
  assert.equal(seen.outcome.status, 143);
});

test('who only waits for its turn to stop is checked and told of, and does not trip', async () => {
  const api = sampleService('api', { dependsOn: [sampleEdge('db', { condition: 'started' })] });
  const seen = await run(
    {
      services: [db(), api],
      commands: { 'check db': [ok, ok, ok, bad, bad, bad, ok] },
      behave: (service) => (service === 'api' ? { obeysAfterMs: 8000 } : {}),
    },
    3500,
  );
  assert.deepEqual(told(seen), ['6100 unhealthy', '7000 healthy']);
  assert.deepEqual(
    eventsOf(seen, 'service.stopping').map(({ service, ms, reason }) => `${ms} ${service} ${reason}`),
    ['3500 api SIGTERM', '11500 db SIGTERM'],
  );
  assert.equal(seen.outcome.status, 143);
});

test('a crash is told by its exit, not by the check that failed for it', async () => {
  const seen = await run(
    {
      services: [db({ failures: 1 })],
      commands: { 'check db': [ok, bad, ok] },
      behave: (_, attempt) =>
        attempt === 1 ? { endsAfterMs: 2090, exit: { kind: 'signal', signal: 'SIGSEGV' } } : {},
    },
    20_500,
  );
  assert.deepEqual(told(seen), []);
  assert.equal(eventsOf(seen, 'service.backoff')[0]?.cause, 'was killed by SIGSEGV after 2.1 s');
});

test('G1 nothing starts on a service that is being stopped for its health', async () => {
  const slow = sampleService('slow', { type: 'task', ready: undefined });
  const api = sampleService('api', {
    dependsOn: [sampleEdge('db'), sampleEdge('slow', { condition: 'completed' })],
  });
  const seen = await run(
    {
      services: [db({}, { ready: notify }), slow, api],
      commands: { 'check db': [bad, bad, bad, ok] },
      behave: (service) =>
        service === 'db'
          ? { readyAfterMs: 0, obeysAfterMs: 4000 }
          : service === 'slow'
            ? { endsAfterMs: 5000 }
            : {},
    },
    20_500,
  );
  const started = seen.log
    .filter(({ what }) => what === 'spawn')
    .map(({ ms, service }) => `${ms} ${service}`);
  assert.deepEqual(started, ['0 db', '0 slow', '7200 db', '7200 api']);
});

test('who hangs at once fails in a row, and its back-off grows, for hours', async () => {
  const seen = await runDb([bad], db({}, { restart: endless }), 4 * 3_600_000);
  const delays = eventsOf(seen, 'service.backoff').map(({ delay_ms }) => delay_ms);
  assert.deepEqual(
    delays.slice(0, 11),
    [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000],
  );
  assert.equal(new Set(delays.slice(9)).size, 1);
  assert.ok(eventsOf(seen, 'service.backoff').every(({ kind }) => kind === 'unhealthy'));
  assert.ok(delays.length > 400);
});

test('who was healthy for reset_after begins again with the shortest back-off, for hours', async () => {
  const spells = Array.from({ length: 200 }, () => [...Array(40).fill(ok), bad, bad, bad]).flat();
  const seen = await runDb(spells, db({}, { restart: endless }), 3_600_000);
  const delays = eventsOf(seen, 'service.backoff').map(({ delay_ms }) => delay_ms);
  assert.ok(delays.length > 75);
  assert.deepEqual([...new Set(delays)], [100]);
});

test('what it did after its last good check does not count as being ready', async () => {
  const spec = db({ failures: 10 }, { restart: { ...endless, resetAfterMs: 5000 } });
  const seen = await runDb([bad], spec, 60_500);
  const delays = eventsOf(seen, 'service.backoff').map(({ delay_ms }) => delay_ms);
  assert.deepEqual(delays.slice(0, 3), [100, 200, 400]);
});

test('restarts that are used up end it', async () => {
  const spec = db({ failures: 1 }, { restart: { ...endless, max: 3 } });
  const seen = await runDb([bad], spec, 60_500);
  assert.equal(
    eventsOf(seen, 'service.failed')[0]?.cause,
    'health check failed: exec check db: exited with 1; restarted 3 times in a row',
  );
  assert.equal(spawns(seen).length, 4);
});
