/**
 * A watchdog by the clock: who is silent for too long has failed, who gives its signs in time never has.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceConfig, WatchdogConfig } from '../../src/config/types.ts';
import { sampleEdge, sampleService } from '../support/sample-config.ts';
import type { Behaviour, Said } from '../support/simulated-launcher.ts';
import { type Scenario, type Simulated, simulate } from '../support/simulation.ts';

const ready = {
  kind: 'notify',
  protocol: 'fd',
  withinMs: 60_000,
  timeoutMs: 1000,
  intervalMs: undefined,
  successes: 1,
} as const;

const END_MS = 100_000;
const restart = { ...sampleService('feed').restart, policy: 'no' } as const;

const feedWith = (watchdog: Partial<WatchdogConfig>, overrides: Partial<ServiceConfig> = {}): ServiceConfig =>
  sampleService('feed', {
    ready,
    restart,
    watchdog: { withinMs: 5000, source: 'fd', onFailure: 'restart', ...watchdog },
    ...overrides,
  });

const run = (
  watchdog: Partial<WatchdogConfig>,
  behaviour: Behaviour,
  scenario: Partial<Scenario> = {},
): Promise<Simulated> =>
  simulate({
    services: [feedWith(watchdog)],
    behave: () => ({ readyAfterMs: 1000, ...behaviour }),
    requests: [{ atMs: END_MS, request: { kind: 'signal', signal: 'SIGTERM' } }],
    ...scenario,
  });

const beat = (afterMs: number): Said => ({ afterMs, notification: { kind: 'heartbeat' } });
const beats = (everyMs: number, untilMs: number): readonly Said[] =>
  Array.from({ length: Math.floor(untilMs / everyMs) }, (_, index) => beat((index + 1) * everyMs));

/** When it was found silent, or no more; and when it was asked to stop, and why. */
const verdicts = (seen: Simulated): readonly string[] =>
  seen.events.flatMap((event) => {
    if (event.type === 'service.unhealthy') return [`${event.ms} unhealthy: ${event.detail}`];
    if (event.type === 'service.healthy') return [`${event.ms} healthy`];
    return event.type === 'service.stopping' ? [`${event.ms} stopping: ${event.reason}`] : [];
  });

const fine = [`${END_MS} stopping: SIGTERM`];
const silent = 'no heartbeat from "feed" for 5 s';

const lines = (...atMs: readonly number[]) => atMs.map((afterMs) => ({ afterMs, text: 'line\n' }));

test('who gives a sign before each deadline is never found silent', async () => {
  assert.deepEqual(verdicts(await run({}, { says: beats(4999, END_MS) })), fine);
});

test('the deadline runs from being ready, however early the signs before that were', async () => {
  assert.deepEqual(verdicts(await run({}, { readyAfterMs: 30_000, says: [beat(100)] })), [
    `35000 unhealthy: ${silent}`,
    `35000 stopping: ${silent}`,
  ]);
});

test('each sign begins a new deadline, to the millisecond', async () => {
  assert.deepEqual(verdicts(await run({}, { says: [beat(5999), beat(6000), beat(10_999)] })), [
    `15999 unhealthy: ${silent}`,
    `15999 stopping: ${silent}`,
  ]);
});

test('what has been silent is stopped, fails, and is started again as after any failure', async () => {
  const services = [feedWith({}, { restart: { ...restart, policy: 'on-failure', max: 1 } })];
  const seen = await run({}, {}, { services });
  const told = seen.events.map(({ type, ms }) => `${ms} ${type}`);
  for (const step of [
    '6000 service.stopping',
    '6001 service.exited',
    '6001 service.backoff',
    '6101 service.starting',
  ])
    assert.ok(told.includes(step), `${step} is missing in ${told.join(', ')}`);
  const failed = seen.events.find((event) => event.type === 'service.failed');
  assert.equal(failed?.cause, `${silent}; restarted once`);
  assert.equal(seen.outcome.status, 1);
});

test('on_failure shutdown takes everything down, whatever the service says itself', async () => {
  const services = [
    feedWith({ onFailure: 'shutdown' }, { onFailure: 'ignore', restart: { ...restart, policy: 'always' } }),
    sampleService('other'),
  ];
  const seen = await run({}, {}, { services });
  const shutdown = seen.events.find((event) => event.type === 'shutdown.requested');
  assert.deepEqual(
    [shutdown?.ms, shutdown?.cause],
    [6000, { kind: 'collapse', service: 'feed', why: silent }],
  );
});

test('on_failure report tells of silence and of the next sign, and stops nothing', async () => {
  const says = [...beats(1000, 10_000), beat(30_000), beat(31_000), beat(50_000)];
  assert.deepEqual(verdicts(await run({ onFailure: 'report' }, { says })), [
    `15000 unhealthy: ${silent}`,
    '30000 healthy',
    `36000 unhealthy: ${silent}`,
    '50000 healthy',
    `55000 unhealthy: ${silent}`,
    `${END_MS} stopping: SIGTERM`,
  ]);
});

test('any output is a sign where that is the source, and a heartbeat is none', async () => {
  const noOutput = 'no output from "feed" for 5 s';
  assert.deepEqual(
    verdicts(await run({ source: 'log' }, { writes: lines(3000, 7999), says: beats(1000, END_MS) })),
    [`12999 unhealthy: ${noOutput}`, `12999 stopping: ${noOutput}`],
  );
  assert.deepEqual(verdicts(await run({}, { writes: lines(3000, 7999) }))[0], `6000 unhealthy: ${silent}`);
});

test('WATCHDOG_USEC= changes the time from then on, 0 ends the watch, and nothing makes it absurdly short', async () => {
  const limit = (afterMs: number, withinMs: number): Said => ({
    afterMs,
    notification: { kind: 'watchdog', withinMs },
  });
  assert.deepEqual(
    verdicts(await run({}, { says: [limit(2000, 20_000)] }))[0],
    '22000 unhealthy: no heartbeat from "feed" for 20 s',
  );
  assert.deepEqual(
    verdicts(await run({}, { says: [limit(500, 2000)] }))[0],
    '3000 unhealthy: no heartbeat from "feed" for 2 s',
  );
  assert.deepEqual(verdicts(await run({}, { says: [limit(2000, 0)] })), fine);
  assert.deepEqual(
    verdicts(await run({}, { says: [limit(2000, 0), limit(9000, 1000)] }))[0],
    '10000 unhealthy: no heartbeat from "feed" for 1 s',
  );
  assert.deepEqual(
    verdicts(await run({}, { says: [limit(2000, 0.001)] }))[0],
    '2100 unhealthy: no heartbeat from "feed" for 100 ms',
  );
});

test('who says that it hangs is believed at once, and once it is ready', async () => {
  const hangs = (afterMs: number): Said => ({ afterMs, notification: { kind: 'tripped' } });
  const says = '"feed" says that it hangs';
  assert.deepEqual(verdicts(await run({}, { says: [...beats(1000, END_MS), hangs(7500)] })), [
    `7500 unhealthy: ${says}`,
    `7500 stopping: ${says}`,
  ]);
  assert.deepEqual(verdicts(await run({}, { says: [hangs(500)] }))[0], `1000 unhealthy: ${says}`);
  assert.deepEqual(
    verdicts(await run({ onFailure: 'report' }, { says: [...beats(1000, END_MS), hangs(7500)] })),
    [`7500 unhealthy: ${says}`, '8000 healthy', ...fine],
  );
});

test('without a watchdog it stays a note', async () => {
  const { watchdog: _, ...unwatched } = feedWith({});
  const hangs: Said = { afterMs: 7500, notification: { kind: 'tripped' } };
  const seen = await run({}, { says: [hangs] }, { services: [unwatched] });
  assert.deepEqual(verdicts(seen), fine);
  assert.ok(
    seen.events.some((event) => event.type === 'service.note' && /WATCHDOG=trigger/.test(event.text)),
  );
});

test('what is to stop trips no more, though it waits for who depends on it', async () => {
  const top = sampleService('top', {
    dependsOn: [sampleEdge('feed')],
    stop: { ...sampleService('top').stop, graceMs: 20_000 },
  });
  const seen = await run(
    {},
    {},
    {
      services: [feedWith({}), top],
      behave: (service) =>
        service === 'top' ? { obeysAfterMs: 15_000 } : { readyAfterMs: 10, says: beats(1000, 10_000) },
      requests: [{ atMs: 10_000, request: { kind: 'signal', signal: 'SIGTERM' } }],
    },
  );
  assert.deepEqual(verdicts(seen), ['10000 stopping: SIGTERM', '25000 stopping: SIGTERM']);
  assert.equal(seen.outcome.status, 143);
});

test('a sign that came in time but is read late counts', async () => {
  for (const source of ['fd', 'log'] as const) {
    const seen = await run(
      { source },
      source === 'fd'
        ? { says: beats(1000, END_MS) }
        : { writes: lines(...beats(1000, END_MS).map(({ afterMs }) => afterMs)) },
      { stalls: [{ atMs: 5500, forMs: 20_000 }] },
    );
    assert.deepEqual(verdicts(seen), fine);
  }
});

test('who stood still together with the supervisor has the time that both lost', async () => {
  const stalls = [{ atMs: 5500, forMs: 20_000 }];
  const says = [...beats(1000, 5000), ...beats(1000, END_MS).filter(({ afterMs }) => afterMs > 29_900)];
  // Of the 5 s after the sign at 5 s half a second had passed; the next one comes 4.5 s after the stall.
  assert.deepEqual(verdicts(await run({}, { says }, { stalls })), fine);
  assert.deepEqual(
    verdicts(await run({}, { says: beats(1000, 5000) }, { stalls }))[0],
    `30000 unhealthy: ${silent}`,
  );
});

test('a supervisor that is starved again and again still notices silence', async () => {
  const stalls = Array.from({ length: 30 }, (_, index) => ({ atMs: 2000 + index * 2000, forMs: 1750 }));
  const [first] = verdicts(await run({}, {}, { stalls }));
  // A quarter of a second in each two counts.
  assert.equal(first, `34000 unhealthy: ${silent}`);
});

test('time in which its output is held back is not its silence', async () => {
  const held = { fromMs: 2000, toMs: 60_000 };
  const noOutput = 'no output from "feed" for 5 s';
  assert.deepEqual(verdicts(await run({ source: 'log' }, { held }))[0], `65000 unhealthy: ${noOutput}`);
  assert.deepEqual(verdicts(await run({}, { held }))[0], `65000 unhealthy: ${silent}`);
  assert.deepEqual(
    verdicts(await run({ source: 'log' }, { held, writes: lines(62_000) }))[0],
    `67000 unhealthy: ${noOutput}`,
  );
});

test('a crash is a crash, and not silence', async () => {
  const seen = await run({}, { endsAfterMs: 3000, exit: { kind: 'code', code: 7 } });
  const failed = seen.events.find((event) => event.type === 'service.failed');
  assert.deepEqual([verdicts(seen), failed?.cause], [[], 'exited with code 7 after 3 s']);
});
