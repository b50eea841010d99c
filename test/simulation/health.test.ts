/**
 * The checks of services, from being ready until their stop begins: every number of them, on the virtual clock.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bad,
  checksOf,
  db,
  hangs,
  health,
  notify,
  notMade,
  ok,
  run,
  runDb,
  spawns,
  tcp,
  told,
  well,
} from '../support/health-scenario.ts';
import { sampleEdge, sampleService } from '../support/sample-config.ts';
import type { Said } from '../support/simulated-launcher.ts';
import { eventsOf } from '../support/simulated-lives.ts';

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

test('each attempt at readiness and health is told once, with what came of it and how long it took; one that was cut is not', async () => {
  const ready = { ...notify, kind: 'exec', command: { kind: 'shell', script: 'up' } } as const;
  const seen = await run(
    {
      services: [db({ onFailure: 'report' }, { ready })],
      commands: {
        up: [bad, notMade, { afterMs: 70 }],
        'check db': [{ afterMs: 30 }, { ...bad, afterMs: 5 }, notMade, hangs, { afterMs: 900 }],
      },
    },
    6_500,
  );
  assert.deepEqual(
    seen.probes.filter(([, probe]) => probe === 'readiness'),
    [
      ['db', 'readiness', 'failure', 0],
      ['db', 'readiness', 'error', 0],
      ['db', 'readiness', 'success', 70],
    ],
  );
  assert.deepEqual(
    seen.probes.filter(([, probe]) => probe === 'health'),
    [
      ['db', 'health', 'success', 30],
      ['db', 'health', 'failure', 5],
      ['db', 'health', 'error', 0],
      // It is cut at its limit, and has ended when it was killed.
      ['db', 'health', 'failure', 1_050],
    ],
  );
  assert.equal(checksOf(seen).length, 5, 'the last one was under way when all was to stop');
});
