/**
 * From events to lanes: states from when to when, marks, and how it ended.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lane, Timeline } from '../../../../src/output/timeline/timeline.ts';
import { finished, goodRun, longRun, of, shutdown, started, timelineOf } from './runs.ts';

export function laneOf({ lanes }: Timeline, service: string): Lane {
  const lane = lanes.find((one) => one.service === service);
  assert.ok(lane);
  return lane;
}

const states = ({ segments }: Lane) =>
  segments.map(({ state, fromMs, toMs }) => `${state} ${fromMs}-${toMs}`);

test('a service waits, starts, is ready, stops and is cleaned up after', () => {
  const api = laneOf(timelineOf(...goodRun), 'api');
  assert.deepEqual(states(api), [
    'waiting 10-320',
    'starting 320-400',
    'ready 400-1020',
    'stopping 1020-1100',
    'cleaning 1100-1130',
  ]);
  assert.deepEqual(api.end, { kind: 'stopped', ms: 1130, why: '' });
});

test('what others wait to be completed is a task: it runs', () => {
  const migrate = laneOf(timelineOf(...goodRun), 'migrate');
  assert.ok(migrate.isTask);
  assert.deepEqual(states(migrate), ['waiting 10-120', 'running 120-310']);
});

test('what is unhealthy is so until it is healthy again, and crashes are marked', () => {
  const api = laneOf(timelineOf(...longRun()), 'api');
  assert.deepEqual(
    api.segments.map(({ state, attempt }) => `${state} ${attempt}`),
    [
      'waiting 0',
      'starting 1',
      'ready 1',
      'unhealthy 1',
      'ready 1',
      'stopping 1',
      'backoff 1',
      'starting 2',
      'ready 2',
      'stopping 2',
    ],
  );
  assert.deepEqual(
    api.marks.map(({ kind, text }) => [kind, text]),
    [
      ['unhealthy', 'http answered 500'],
      ['ended', 'exited with code 1'],
      ['killed', 'it did not end within its grace of 10 s'],
    ],
  );
});

test('segments follow each other without gaps from the start of the run to the end of the service', () => {
  for (const run of [goodRun, longRun()]) {
    const timeline = timelineOf(...run);
    for (const { segments, end } of timeline.lanes) {
      assert.equal(segments[0]?.fromMs, timeline.startMs);
      assert.equal(segments.at(-1)?.toMs, end?.ms ?? timeline.endMs);
      for (const [index, { fromMs }] of segments.slice(1).entries())
        assert.equal(segments[index]?.toMs, fromMs);
    }
  }
});

test('a record that ends early leaves open what was not over', () => {
  const timeline = timelineOf(...goodRun.slice(0, 9));
  assert.deepEqual(states(laneOf(timeline, 'api')), ['waiting 10-320']);
  assert.equal(laneOf(timeline, 'db').end, undefined);
  assert.equal(timeline.endMs, 320);
  assert.equal(timeline.shutdown, undefined);
});

test('clean-ups that failed are marked; a service that never started has its reason', () => {
  const timeline = timelineOf(
    started(0, { db: [], api: ['db'] }),
    of(1, 'db', 'starting'),
    of(5, 'db', 'exited', { code: 1, asked: false }),
    of(5, 'db', 'cleaning'),
    of(9, 'db', 'cleanup', { error: 'exited with code 2' }),
    of(9, 'db', 'failed', { cause: 'exited with code 1' }),
    shutdown(9, { kind: 'collapse', service: 'db', why: 'exited with code 1' }),
    of(9, 'api', 'skipped', { attempt: 0 }),
    finished(10, 1),
  );
  assert.deepEqual(
    laneOf(timeline, 'db').marks.map(({ kind }) => kind),
    ['ended', 'cleanup-failed'],
  );
  assert.deepEqual(laneOf(timeline, 'api').end, { kind: 'skipped', ms: 9, why: '"db" failed' });
});

test('names of services are only ever names', () => {
  const names = ['__proto__', 'constructor', 'toString'];
  const timeline = timelineOf(
    started(0, Object.fromEntries(names.map((name) => [`${name} `, []]))),
    finished(1, 0, ''),
  );
  assert.equal(timeline.lanes.length, 3);
  const [, fact] = started(0, {});
  const strange = timelineOf(
    [0, { ...fact, services: names, dependencies: {} }],
    of(1, '__proto__', 'starting'),
    finished(2),
  );
  assert.deepEqual(
    strange.lanes.map(({ service, dependencies }) => [service, dependencies.length]),
    names.map((name) => [name, 0]),
  );
});
