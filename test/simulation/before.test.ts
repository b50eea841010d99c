/**
 * Commands that run before an instance: in their order, at its edges' time, under its limits; and what is left when nothing comes of
 * them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceConfig } from '../../src/config/types.ts';
import { checkRecord } from '../support/check-record.ts';
import { asked } from '../support/commanding.ts';
import type { Ahead, Behaviour } from '../support/simulated-launcher.ts';
import { eventsOf } from '../support/simulated-lives.ts';
import type { Simulated } from '../support/simulation.ts';
import { crashes, notify, play, restart, service, sigterm, USUAL } from '../support/small-graphs.ts';

const command = (script: string) => ({ kind: 'shell', script }) as const;
const before = [command('make'), command('migrate')];
const FAILS = { kind: 'code', code: 3 } as const;

const ahead = (...all: readonly Ahead[]): Behaviour => ({ ...USUAL, ahead: all });

function api(more: Partial<ServiceConfig> = {}): ServiceConfig {
  return service('api', {}, { before, ...more });
}

/** What was done, and told of what runs before it and of the service itself. */
function story(seen: Simulated): readonly string[] {
  assert.deepEqual(checkRecord(servicesOf(seen), seen.events), []);
  return seen.log.map(({ ms, what, service: name }) => `${ms} ${what} ${name}`);
}

const servicesOf = ({ graphs }: Simulated): readonly ServiceConfig[] => graphs[0]!.services;
const toldOf = (seen: Simulated): readonly string[] =>
  eventsOf(seen, 'service.before').map(({ run, attempt, ms }) => `${ms} ${run} #${attempt}`);
const causes = (seen: Simulated): readonly string[] =>
  [...eventsOf(seen, 'service.backoff'), ...eventsOf(seen, 'service.failed')].map(({ cause }) => cause);
const cleanUps = (seen: Simulated): readonly string[] =>
  seen.commands.map(({ startedMs, text }) => `${startedMs} ${text}`);

test('G1 they run one after the other, then the instance, and only then what needs it', async () => {
  const services = [api(), service('web', { api: {} }), service('log', { api: { condition: 'started' } })];
  const seen = await play(services, { api: [ahead({ endsAfterMs: 300 }, { endsAfterMs: 200 })] });
  assert.deepEqual(story(seen).slice(0, 9), [
    ...['0 ahead api', '300 ahead-exit api', '300 ahead-gone api'],
    ...['300 ahead api', '500 ahead-exit api', '500 ahead-gone api'],
    ...['500 spawn api', '500 spawn log', '510 ready api'],
  ]);
  assert.deepEqual(toldOf(seen), ['0 make #1', '300 migrate #1']);
  assert.deepEqual(eventsOf(seen, 'service.ready')[0]?.after_ms, 10, 'counted from its own spawn');
  assert.equal(eventsOf(seen, 'service.exited').filter((event) => event.service === 'api').length, 1);
});

test('they run before each instance', async () => {
  const once = { ...crashes(100), ahead: [{ endsAfterMs: 10 }] };
  const seen = await play([api()], { api: [once, USUAL] });
  story(seen);
  assert.deepEqual(
    toldOf(seen).map((told) => told.replace(/^\d+ /, '')),
    ['make #1', 'migrate #1', 'make #2', 'migrate #2'],
  );
});

test('G3 the first that fails is the failure of its service, tried again, and cleaned up after each time', async () => {
  const { restart: policy } = service('x');
  const twice = api({ restart: { ...policy, max: 1 } });
  const bad = ahead({ endsAfterMs: 300, exit: FAILS });
  const seen = await play([twice], { api: [bad, bad] });
  assert.deepEqual(
    story(seen).filter((line) => / spawn| ahead api/.test(line)),
    ['0 ahead api', '420 ahead api'],
  );
  const why = '"make", which runs before it, exited with code 3';
  assert.equal(causes(seen)[0], why);
  assert.ok(causes(seen)[1]?.startsWith(`${why}; `), causes(seen)[1]);
  assert.deepEqual(cleanUps(seen), ['300 clean api', '720 clean api']);
  const [failed] = eventsOf(seen, 'service.failed');
  assert.deepEqual([failed?.kind, seen.outcome.status], ['before-failed', 1]);
  assert.match(failed!.advice, /before/);
});

test('one that can not be found fails for good; clean-ups run if another one had begun', async () => {
  const spawnFailure = { reason: 'command-not-found', message: 'Cannot start "api": no "migrate"' } as const;
  const first = await play([api()], { api: [ahead({ spawnFailure })] });
  story(first);
  assert.deepEqual([causes(first), cleanUps(first)], [['Cannot start "api": no "migrate"'], []]);
  const second = await play([api()], { api: [ahead({ endsAfterMs: 100 }, { spawnFailure })] });
  story(second);
  assert.deepEqual(
    [causes(second), cleanUps(second)],
    [['Cannot start "api": no "migrate"'], ['100 clean api']],
  );
  assert.equal(eventsOf(second, 'service.failed')[0]?.kind, 'command-not-found');
});

test('G3 when the program itself can not be started after them, it is cleaned up after them', async () => {
  const spawnFailure = { reason: 'command-not-found', message: 'Cannot start "api": no "api"' } as const;
  const seen = await play([api()], { api: [{ spawnFailure }] });
  story(seen);
  assert.deepEqual([causes(seen), cleanUps(seen)], [['Cannot start "api": no "api"'], ['0 clean api']]);
});

test('all of them together have as long as readiness; what hangs is asked, then killed', async () => {
  const late = api({ ready: { ...notify, withinMs: 2000 }, restart: { ...api().restart, policy: 'no' } });
  const hangs = ahead({ endsAfterMs: 1500 }, { endsAfterMs: 'never', obeysAfterMs: 'never' });
  const seen = await play([late], { api: [hangs] });
  assert.deepEqual(story(seen), [
    ...['0 ahead api', '1500 ahead-exit api', '1500 ahead-gone api', '1500 ahead api'],
    ...['2000 ask api', '12000 kill api', '12001 ahead-exit api', '12001 ahead-gone api'],
  ]);
});

test('G2 G4 a stop reaches one that runs: it is asked as the service is, has its grace, and nothing follows', async () => {
  const slow = ahead({ endsAfterMs: 'never', obeysAfterMs: 700 });
  const db = service('db');
  const waits = service('api', { db: {} }, { before });
  const seen = await play([db, waits], { api: [slow] }, { requests: [sigterm(1000)] });
  assert.deepEqual(story(seen).slice(-9), [
    ...['0 spawn db', '10 ready db', '10 ahead api', '1000 ask api'],
    ...['1700 ahead-exit api', '1700 ahead-gone api', '1720 ask db', '1725 exit db', '1725 gone db'],
  ]);
  assert.deepEqual([seen.outcome.status, toldOf(seen).length], [143, 1]);
  assert.deepEqual(cleanUps(seen), ['1700 clean api', '1725 clean db']);
});

test('what one leaves in the background is stopped before the next one', async () => {
  const daemon = ahead({ endsAfterMs: 100, leavesBehind: 400 });
  const seen = await play([api()], { api: [daemon] });
  assert.deepEqual(story(seen).slice(0, 5), [
    ...['0 ahead api', '100 ahead-exit api', '200 ask-rest api', '600 ahead-gone api', '600 ahead api'],
  ]);
});

test('G5 what it leaves that does not end is the failure of its service, and killed', async () => {
  const stays = ahead({ endsAfterMs: 100, leavesBehind: 'never' });
  const seen = await play([api({ restart: { ...api().restart, policy: 'no' } })], { api: [stays] });
  story(seen);
  assert.deepEqual(causes(seen), [
    '"make", which runs before it, left something in the background that does not end',
  ]);
  assert.equal(seen.alive, 0);
});

test('what it relies on is lost while one runs: it gives way, and begins anew once that is back', async () => {
  const services = [service('db'), service('api', { db: restart() }, { before })];
  const slow = ahead({ endsAfterMs: 800 }, { endsAfterMs: 800 });
  const seen = await play(services, { db: [crashes(500)], api: [slow, slow] });
  const told = story(seen).filter((line) => / (ahead|ask|spawn) /.test(line));
  assert.deepEqual(told.slice(0, 5), [
    '0 spawn db',
    '10 ahead api',
    '500 ask api',
    '620 spawn db',
    '630 ahead api',
  ]);
  assert.deepEqual(causes(seen), ['exited with code 1 after 500 ms']);
});

test('a restart that is asked for while one runs begins with the first again', async () => {
  const slow = ahead({ endsAfterMs: 500 }, { endsAfterMs: 500 });
  const seen = await play(
    [api()],
    { api: [slow, slow] },
    { requests: [asked(700, 'restart', 'api'), sigterm(9000)] },
  );
  assert.deepEqual(
    toldOf(seen).map((told) => told.replace(/^\d+ /, '')),
    ['make #1', 'migrate #1', 'make #2', 'migrate #2'],
  );
  assert.deepEqual([seen.outcome.status, eventsOf(seen, 'service.ready').length], [143, 1]);
});
