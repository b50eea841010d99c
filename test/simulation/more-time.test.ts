/**
 * A service that asks for more time gets it, and takes it from nobody.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleEdge, sampleService } from '../support/sample-config.ts';
import type { Behaviour, Said } from '../support/simulated-launcher.ts';
import { type Scenario, type Simulated, simulate } from '../support/simulation.ts';

const ready = {
  kind: 'notify',
  protocol: 'systemd',
  withinMs: 1000,
  timeoutMs: 1000,
  intervalMs: undefined,
  successes: 1,
} as const;

const stop = { signal: 'SIGTERM', graceMs: 1000, command: undefined, target: 'group' } as const;
const db = sampleService('db', { ready, stop, restart: { ...sampleService('db').restart, policy: 'no' } });
const signal = (atMs: number, name: 'SIGTERM' | 'SIGINT' = 'SIGTERM') => ({
  atMs,
  request: { kind: 'signal', signal: name } as const,
});
const more = (afterMs: number, byMs: number): Said => ({ afterMs, notification: { kind: 'extend', byMs } });

const run = (behaviour: Behaviour, scenario: Partial<Scenario> = {}): Promise<Simulated> =>
  simulate({ services: [db], behave: () => behaviour, requests: [signal(20_000)], ...scenario });

const happenings = (seen: Simulated) => seen.log.map(({ ms, what, service }) => `${ms} ${what} ${service}`);
const notes = (seen: Simulated) =>
  seen.events.flatMap((event) => (event.type === 'service.note' ? [`${event.ms} ${event.text}`] : []));
const killReasons = (seen: Simulated) =>
  seen.events.flatMap((event) => (event.type === 'service.killed' ? [event.reason] : []));

test('the deadline of readiness moves back to that long from when it asked', async () => {
  const seen = await run({ readyAfterMs: 5400, says: [more(500, 3000), more(3400, 2001)] });
  assert.deepEqual(happenings(seen).slice(0, 2), ['0 spawn db', '5400 ready db']);
  assert.deepEqual(notes(seen), ['500 asks for 3 s more to become ready']);
});

test('who asks for less than it has loses nothing', async () => {
  const seen = await run({ readyAfterMs: 999, says: [more(100, 1)] });
  assert.deepEqual(happenings(seen).slice(0, 2), ['0 spawn db', '999 ready db']);
});

test('who has said that it is ready needs no more time for it', async () => {
  const readyNow: Said = { afterMs: 100, notification: { kind: 'ready', values: {} } };
  const seen = await run({ says: [readyNow, more(100, 3000)] });
  assert.equal(seen.events.find(({ type }) => type === 'service.ready')?.ms, 100);
  assert.deepEqual(notes(seen), []);
});

test('a deadline that was moved fails like any other, and tells how long it was', async () => {
  const seen = await run({ readyAfterMs: 'never', says: [more(500, 3000)] });
  const failed = seen.events.find((event) => event.type === 'service.failed');
  assert.equal(failed?.cause, 'not ready within 3.5 s: no notification over NOTIFY_SOCKET');
  assert.equal(seen.outcome.status, 1);
});

test('who is stopping is not killed before the time it asked for', async () => {
  const seen = await run({
    readyAfterMs: 1,
    obeysAfterMs: 8000,
    saysWhenAsked: [more(500, 4000), more(4000, 4001)],
  });
  assert.deepEqual(happenings(seen).slice(2), ['20000 ask db', '28000 exit db', '28000 gone db']);
  assert.deepEqual(notes(seen), ['20500 asks for 4 s more to stop: it has 4 s from now']);
});

test('what it asked for over its grace is told when it is killed after all', async () => {
  const seen = await run({ readyAfterMs: 1, obeysAfterMs: 'never', saysWhenAsked: [more(500, 4000)] });
  assert.deepEqual(killReasons(seen), [
    'still alive after 4.5 s, its grace of 1 s and the time that it asked for',
  ]);
});

test('G4 nobody gets more than the budget, and what stops after it still gets its share', async () => {
  const api = sampleService('api', { ready, stop, dependsOn: [sampleEdge('db')] });
  const seen = await run(
    { readyAfterMs: 1, obeysAfterMs: 'never', saysWhenAsked: [more(100, Infinity)] },
    { services: [db, api], budgetMs: 10_000 },
  );
  const kills = seen.log.filter(({ what }) => what === 'kill').map(({ ms, service }) => `${ms} ${service}`);
  // After api come 250 ms for its kill, and the grace of db with as much.
  assert.deepEqual(kills, ['28500 api', '29750 db']);
  assert.ok(seen.endMs <= 30_000);
});

test('G4 whoever has asked for time is hurried by a budget that comes later', async () => {
  const seen = await run(
    { readyAfterMs: 'never', obeysAfterMs: 'never', saysWhenAsked: [more(0, 1_000_000)] },
    { requests: [signal(5000, 'SIGINT')] },
  );
  assert.ok(seen.endMs <= 5000 + 2000 + 1000);
});

test('the second signal ends all patience, whatever was asked for', async () => {
  const seen = await run(
    { readyAfterMs: 1, obeysAfterMs: 'never', saysWhenAsked: [more(100, 20_000), more(1200, 20_000)] },
    { requests: [signal(2000), signal(3000)] },
  );
  assert.equal(seen.log.find(({ what }) => what === 'kill')?.ms, 3000);
});

test('a service may note this and that, but not without end', async () => {
  const says = Array.from(
    { length: 100 },
    (_, at): Said => ({
      afterMs: 10 + at,
      notification: { kind: 'note', text: `counts ${at}` },
    }),
  );
  const seen = await run({ readyAfterMs: 1, says });
  assert.equal(notes(seen).length, 10);
  assert.match(notes(seen).at(-1) ?? '', /counts 9; more of such notes are left out for a while$/);
});

test('that it is stopping is told if nobody asked, and once', async () => {
  const stopping: Said = { afterMs: 100, notification: { kind: 'stopping' } };
  const alone = await run({ readyAfterMs: 1, says: [stopping, stopping], endsAfterMs: 200 });
  assert.deepEqual(notes(alone), ['100 says that it is stopping']);
  const asked = await run({ readyAfterMs: 1, saysWhenAsked: [{ ...stopping, afterMs: 0 }] });
  assert.deepEqual(notes(asked), []);
});
