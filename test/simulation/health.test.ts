/**
 * The health of services, from being ready until their stop begins: every number of it, on the virtual clock.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConditionKind, HealthConfig, ServiceConfig } from '../../src/config/types.ts';
import { checkRecord } from '../support/check-record.ts';
import type { FakeRun } from '../support/fake-commands.ts';
import { assertCleanups, assertClosed, assertStatus, assertStopOrder, eventsOf } from '../support/laws.ts';
import { sampleEdge, sampleService } from '../support/sample-config.ts';
import type { Said } from '../support/simulated-launcher.ts';
import { type Scenario, type Simulated, simulate } from '../support/simulation.ts';

const notify = {
  kind: 'notify',
  protocol: 'fd',
  withinMs: 60_000,
  timeoutMs: 1000,
  intervalMs: undefined,
  successes: 1,
} as const;
const ok: FakeRun = {};
const bad: FakeRun = { end: { kind: 'code', code: 1 } };
const notMade: FakeRun = { end: { kind: 'failed', message: 'no process to be had' } };
const hangs: FakeRun = { afterMs: Number.POSITIVE_INFINITY, killMs: 50 };
const well: FakeRun[] = [ok];

/** By default every second on whole seconds: the first service of a graph has the phase 0. */
function health(kind: ConditionKind, more: Partial<HealthConfig> = {}): HealthConfig {
  const timing = {
    intervalMs: 1000,
    timeoutMs: 1000,
    failures: 3,
    successes: 1,
    onFailure: 'restart' as const,
  };
  return { condition: { ...notify, ...kind }, ...timing, ...more };
}
const checks = (name = 'db') =>
  ({ kind: 'exec', command: { kind: 'shell', script: `check ${name}` } }) as const;
const tcp: ConditionKind = { kind: 'tcp', host: 'h', port: '1', owner: 'any' };

const db = (more: Partial<HealthConfig> = {}, spec: Partial<ServiceConfig> = {}) =>
  sampleService('db', { health: health(checks(), more), ...spec });
const endless = { ...sampleService('db').restart, max: 0 };

const signal = (atMs: number) => ({ atMs, request: { kind: 'signal', signal: 'SIGTERM' } as const });

async function run(scenario: Scenario, endMs: number): Promise<Simulated> {
  const seen = await simulate({ behave: () => ({}), requests: [signal(endMs)], ...scenario });
  assertClosed(seen);
  assertStopOrder(scenario, seen);
  assertCleanups(scenario, seen);
  assertStatus(scenario, seen);
  assert.deepEqual(checkRecord(scenario.services, seen.events, { toldWithinMs: 0 }), []);
  return seen;
}

/** One service `db`, whose checks go like that. */
const runDb = (runs: readonly FakeRun[], spec: ServiceConfig = db(), endMs = 20_500): Promise<Simulated> =>
  run({ services: [spec], commands: { 'check db': runs } }, endMs);

const checksOf = (seen: Simulated) =>
  seen.commands.filter(({ text }) => text.startsWith('check ')).map(({ startedMs }) => startedMs);
const told = (seen: Simulated) =>
  seen.events.flatMap((event) =>
    event.type === 'service.unhealthy' || event.type === 'service.healthy'
      ? [`${event.ms} ${event.type.replace('service.', '')}`]
      : [],
  );
const spawns = (seen: Simulated) => seen.log.filter(({ what }) => what === 'spawn').map(({ ms }) => ms);

test('no check is made before it is ready, nor once its stop has begun', async () => {
  const spec = db({}, { ready: notify });
  const seen = await run(
    {
      services: [spec],
      commands: { 'check db': well },
      behave: () => ({ readyAfterMs: 3500, obeysAfterMs: 5000 }),
    },
    7500,
  );
  assert.deepEqual(checksOf(seen), [4000, 5000, 6000, 7000]);
  assert.equal(seen.endMs, 12_500);
  assert.deepEqual(told(seen), []);
});

test('a command that checks runs where the service runs, with its environment and what others reported', async () => {
  const store = sampleService('store', { ready: notify });
  const script = ['check ', { service: 'store', value: 'port' }];
  const spec = sampleService('db', {
    cwd: '/srv/db',
    env: { A: 'b' },
    dependsOn: [sampleEdge('store')],
    health: health({ kind: 'exec', command: { kind: 'shell', script } }),
  });
  const seen = await run(
    {
      services: [store, spec],
      commands: { 'check 7': well },
      behave: (service) => (service === 'store' ? { readyAfterMs: 10, values: { port: '7' } } : {}),
    },
    2500,
  );
  const [first] = seen.commands;
  assert.deepEqual([first?.text, first?.command.cwd, first?.command.env.A], ['check 7', '/srv/db', 'b']);
});

test('the failure that reaches the threshold counts; it is stopped, and started again', async () => {
  const seen = await runDb([ok, bad, bad, bad, ok]);
  // The exit of a crash would have been known a moment later.
  assert.deepEqual(told(seen), ['4100 unhealthy']);
  assert.deepEqual(checksOf(seen).slice(0, 5), [1000, 2000, 3000, 4000, 5000]);
  const [unhealthy] = eventsOf(seen, 'service.unhealthy');
  assert.deepEqual(
    [unhealthy?.failures, unhealthy?.detail, unhealthy?.attempt],
    [3, 'exec check db: exited with 1', 1],
  );
  const why = 'health check failed 3 times in a row: exec check db: exited with 1';
  assert.equal(eventsOf(seen, 'service.stopping')[0]?.reason, why);
  assert.equal(eventsOf(seen, 'service.backoff')[0]?.cause, why);
  assert.deepEqual(spawns(seen), [0, 4201]);
});

test('failures that do not follow one another do not count', async () => {
  const seen = await runDb([bad, bad, ok, bad, bad, ok, bad, bad, ok]);
  assert.deepEqual(told(seen), []);
  assert.deepEqual(spawns(seen), [0]);
});

test('a check that could not be made neither counts nor resets; many in a row are told once', async () => {
  const seen = await runDb([bad, notMade, bad, notMade, notMade, notMade, notMade, bad, ok]);
  assert.deepEqual(told(seen), ['8100 unhealthy']);
  assert.deepEqual(
    eventsOf(seen, 'service.note').map(({ ms, text }) => `${ms} ${text}`),
    ["6000 its health can't be checked: exec check db: no process to be had"],
  );
});

test('report: it is told once, and that it is healthy again after enough successes; nothing else happens', async () => {
  const spec = db({ failures: 2, successes: 3, onFailure: 'report' });
  const seen = await runDb([bad, bad, bad, ok, ok, bad, ok, ok, ok], spec);
  assert.deepEqual(told(seen), ['2100 unhealthy', '9000 healthy']);
  assert.deepEqual(spawns(seen), [0]);
  assert.equal(seen.outcome.status, 143);
});

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

test('a check under way is dead before the stop signal is sent', async () => {
  const spec = db({ timeoutMs: 10_000 });
  const seen = await runDb([hangs], spec, 2500);
  assert.deepEqual(
    seen.commands.map(({ startedMs, endedMs, killed }) => [startedMs, endedMs, killed]),
    [[1000, 2550, true]],
  );
  assert.equal(seen.log.find(({ what }) => what === 'ask')?.ms, 2550);
});

test('a check has no more than its timeout, and checks do not pile up: those missed are left out', async () => {
  const spec = db({ timeoutMs: 2500, onFailure: 'report' });
  const seen = await runDb([hangs], spec, 12_500);
  assert.deepEqual(
    seen.commands.map(({ startedMs, endedMs }) => [startedMs, endedMs]),
    [
      [1000, 3550],
      [4000, 6550],
      [7000, 9550],
      [10_000, 12_550],
    ],
  );
  assert.equal(eventsOf(seen, 'service.unhealthy')[0]?.detail, 'exec check db: had not ended within 2.5 s');
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

test('restarts used up within the window end it', async () => {
  const spec = db({ failures: 1 }, { restart: { ...endless, max: 3 } });
  const seen = await runDb([bad], spec, 60_500);
  assert.equal(
    eventsOf(seen, 'service.failed')[0]?.cause,
    'health check failed: exec check db: exited with 1; restarted 3 times within 1 m',
  );
  assert.equal(spawns(seen).length, 4);
});

test('checks of many services are spread evenly over the interval, and stay so', async () => {
  const services = Array.from({ length: 40 }, (_, index) =>
    sampleService(`s${index}`, { health: health(tcp, { onFailure: 'report' }) }),
  );
  // For a while every check takes all of its time.
  const seen = await run(
    {
      services,
      scene: ({ network }) => {
        network.answer('h:1', { kind: 'accept' }, 0);
        network.answer('h:1', { kind: 'silent' }, 3000);
        network.answer('h:1', { kind: 'accept' }, 5500);
      },
    },
    60_500,
  );
  const lastMs = seen.attempts.map(({ startedMs }) => startedMs).filter((ms) => ms >= 50_000 && ms < 51_000);
  assert.equal(lastMs.length, 40);
  for (const fromMs of lastMs) {
    const near = lastMs.filter((ms) => (ms - fromMs + 1000) % 1000 < 50).length;
    assert.ok(near <= 4, `${near} of 40 checks within 50 ms`);
  }
});

test('log: silence of a whole interval is a failed check, from the second interval on', async () => {
  const spec = sampleService('db', { health: health({ kind: 'log', pattern: '^tick' }) });
  const ticks = Array.from({ length: 5 }, (_, index) => ({ afterMs: 900 * (index + 1), text: 'tick\n' }));
  const seen = await run({ services: [spec], behave: () => ({ writes: ticks }) }, 9000);
  assert.deepEqual(told(seen), ['8110 unhealthy']);
});

test('notify: a heartbeat that stays away is a failed check, on a channel that readiness does not need', async () => {
  const spec = sampleService('db', { health: health({ kind: 'notify', protocol: 'fd' }) });
  const beats = Array.from(
    { length: 5 },
    (_, index): Said => ({ afterMs: 900 * (index + 1), notification: { kind: 'heartbeat' } }),
  );
  const seen = await run({ services: [spec], behave: () => ({ says: beats }) }, 9000);
  assert.deepEqual(told(seen), ['8110 unhealthy']);
  assert.match(eventsOf(seen, 'service.unhealthy')[0]?.detail ?? '', /^notify fd: no word over fd 3/);
});
