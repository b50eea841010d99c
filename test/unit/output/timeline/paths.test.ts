/**
 * Critical paths: what each service on them waited for, step by step.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describePath } from '../../../../src/output/timeline/describe-path.ts';
import type { CriticalPath } from '../../../../src/output/timeline/paths/critical-path.ts';
import { startPath, stopPath } from '../../../../src/output/timeline/paths/find-paths.ts';
import { finished, goodRun, of, shutdown, started, timelineOf } from './runs.ts';

const told = (path: CriticalPath | undefined) =>
  path?.steps.map(({ service = 'orderly', phase, fromMs, toMs }) => `${service} ${phase} ${fromMs}-${toMs}`);

const good = timelineOf(...goodRun);

test('the start-up leads through whom each service waited for last', () => {
  const path = startPath(good);
  assert.deepEqual(told(path), [
    'db launching 10-20',
    'db starting 20-110',
    'migrate launching 110-120',
    'migrate running 120-310',
    'api launching 310-320',
    'api starting 320-400',
    'web launching 400-410',
    'web starting 410-430',
  ]);
  assert.equal(path?.end, 'ready');
  assert.equal(path?.service, 'web');
});

test('the start-up of a named service leads to that one', () => {
  assert.deepEqual(told(startPath(good, 'cache')), ['cache launching 10-25', 'cache starting 25-60']);
});

test('the shutdown leads through whom each service was to stop after', () => {
  const path = stopPath(good);
  assert.deepEqual(told(path), [
    'web stopping 1000-1020',
    'api stopping 1020-1100',
    'api cleaning 1100-1130',
    'db stopping 1130-1190',
    'orderly finishing 1190-1200',
  ]);
  assert.equal(path?.end, 'stopped');
});

test('shares are those of the whole path', () => {
  const { rows, longest, title } = describePath(startPath(good)!);
  assert.equal(title, 'Start-up: 420 ms until web was ready');
  assert.deepEqual(
    rows.map(({ who, percent }) => `${who} ${percent}`),
    ['db 24 %', 'migrate 48 %', 'api 21 %', 'web 7 %'],
  );
  assert.equal(rows[1]?.what, 'running 190 ms, launching 10 ms');
  assert.equal(longest, 'api waited for migrate: 200 ms (48 %)');
  assert.equal(describePath(stopPath(good)!).longest, 'db was to stop after api: 110 ms (55 %)');
});

test('with little room the rows that took longest are kept, in order, and the others counted', () => {
  const { rows, more } = describePath(startPath(good)!, 2);
  assert.deepEqual(
    rows.map(({ who }) => who),
    ['db', 'migrate'],
  );
  assert.equal(more, 2);
});

test('a start-up that failed leads to the failure, through all attempts', () => {
  const run = timelineOf(
    started(0, { db: [], api: ['db'] }),
    of(0, 'db', 'starting'),
    of(10, 'db', 'ready'),
    of(20, 'api', 'starting'),
    of(30, 'api', 'exited', { code: 1, asked: false }),
    of(30, 'api', 'backoff'),
    of(130, 'api', 'starting', { attempt: 2 }),
    of(140, 'api', 'exited', { attempt: 2, code: 1, asked: false }),
    shutdown(140, { kind: 'collapse', service: 'api', why: 'exited with code 1' }),
    of(140, 'db', 'stopping'),
    of(150, 'api', 'failed', { attempt: 2 }),
    of(170, 'db', 'stopped'),
    finished(170, 1, '"api" failed: exited with code 1'),
  );
  const path = startPath(run);
  assert.equal(path?.end, 'failed');
  assert.deepEqual(told(path), [
    'db starting 0-10',
    'api launching 10-20',
    'api starting 20-30',
    'api backoff 30-130',
    'api starting 130-140',
  ]);
  assert.equal(describePath(path!).longest, 'most of it was api itself: 130 ms (93 %)');
  assert.deepEqual(told(stopPath(run)), ['db stopping 140-170']);
});

test('a start-up that a stop cut short leads to what was not ready yet', () => {
  const path = startPath(
    timelineOf(
      started(0, { db: [], api: ['db'] }),
      of(5, 'db', 'starting'),
      of(5, 'api', 'pending', { attempt: 0 }),
      shutdown(50),
      of(50, 'db', 'stopping'),
      of(50, 'api', 'stopped', { attempt: 0 }),
      of(60, 'db', 'stopped'),
      finished(60),
    ),
  );
  assert.equal(path?.end, 'open');
  assert.deepEqual(told(path), ['db launching 0-5', 'db starting 5-50']);
});

test('the record of a run that goes on, or was killed while it stopped, has paths up to its end', () => {
  assert.equal(startPath(timelineOf(...goodRun.slice(0, 12)))?.end, 'ready');
  assert.equal(stopPath(timelineOf(...goodRun.slice(0, 12))), undefined);
  const path = stopPath(timelineOf(...goodRun.slice(0, 17)));
  assert.equal(path?.end, 'open');
  assert.deepEqual(told(path), ['web stopping 1000-1020']);
});

test('a task that nobody waits for is no part of the start-up, unless there is nothing else', () => {
  const task = [of(1, 'test', 'starting'), of(500, 'test', 'completed'), finished(510, 0, 'done')];
  assert.equal(startPath(timelineOf(started(0, { test: [] }), ...task))?.toMs, 500);
  const both = timelineOf(
    started(0, { db: [], test: ['db'] }),
    of(0, 'db', 'starting'),
    of(1, 'db', 'ready'),
    ...task,
  );
  assert.equal(startPath(both)?.service, 'db');
});

test('an optional dependency that failed was waited for until it did', () => {
  const path = startPath(
    timelineOf(
      started(0, { cache: [], api: [{ service: 'cache', condition: 'ready', optional: true }] }),
      of(0, 'cache', 'starting'),
      of(70, 'cache', 'failed'),
      of(80, 'api', 'starting'),
      of(90, 'api', 'ready'),
    ),
  );
  assert.deepEqual(told(path), ['cache starting 0-70', 'api launching 70-80', 'api starting 80-90']);
});

test('services that claim to wait for each other are no endless path', () => {
  const run = timelineOf(
    started(0, { a: ['b'], b: ['a'] }),
    of(1, 'a', 'starting'),
    of(1, 'a', 'ready'),
    of(1, 'b', 'starting'),
    of(1, 'b', 'ready'),
    shutdown(5),
    of(6, 'a', 'stopping'),
    of(6, 'b', 'stopping'),
    of(6, 'a', 'stopped'),
    of(6, 'b', 'stopped'),
    finished(6),
  );
  assert.ok(startPath(run));
  assert.equal(
    stopPath(run)?.steps.reduce((sum, { share }) => sum + share, 0),
    1,
  );
});
