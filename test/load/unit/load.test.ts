/**
 * The judge of a run under load finds what doesn't hold.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderlyEvent } from '../../../src/events/event.ts';
import { goodConfig } from '../../unit/config/load.ts';
import { FLOODS, loadConfig } from '../graph.ts';
import { judgeFacts, judgeTimes, percentile } from '../judge.ts';
import type { Answered, LoadResult } from '../run-load.ts';
import type { Told } from '../streams.ts';

/** A restart that takes so long, and an event before and after it. */
const restart = (tookMs: number, outcome = 'reached') =>
  [
    { seq: 1, type: 'run.started' },
    { seq: 3, type: 'request.accepted', request: 'r1', kind: 'restart', ms: 1_000 },
    { seq: 5, type: 'request.settled', request: 'r1', outcome, ms: 1_000 + tookMs },
    { seq: 7, type: 'run.finished' },
  ] as readonly object[] as readonly OrderlyEvent[];
const events = restart(60);
const whole: Told = { pace: 'reads', seqs: [1, 3, 5, 7], gaps: new Set(), cuts: 0, isOver: true };
const answer: Answered = { kind: 'ps', status: 200, isGood: true, tookMs: 20, waitedMs: 5 };
/** What it is in the quarters of a minute. */
const minute = (...quarters: readonly number[]) => quarters.flatMap((mib) => Array<number>(60).fill(mib));
const good: LoadResult = {
  answers: [answer, answer],
  twinMs: [5, 10],
  told: [whole],
  memoryMib: minute(60, 80, 81, 80),
  events,
  loopMs: { p99: 1, max: 2 },
  signal: { tookMs: 30, waitedMs: 0 },
  status: 143,
  remains: [],
};

const broken = (more: Partial<LoadResult>): readonly string[] =>
  [...judgeFacts({ ...good, ...more }), ...judgeTimes({ ...good, ...more })]
    .filter(({ holds }) => !holds)
    .map(({ what, found }) => `${what}: ${found}`);

test('the graph under load is a good one', async () => {
  assert.equal((await goodConfig(loadConfig())).services.length, 4 + FLOODS);
});

test('a good run breaks nothing', () => {
  assert.deepEqual(broken({}), []);
});

test('what is late by itself is found, what the machine holds up is not', () => {
  const late = { ...answer, tookMs: 130, waitedMs: 0 };
  assert.match(broken({ answers: [late] }).join(), /^99 of 100 questions are answered in time: 130 ms$/);
  assert.deepEqual(broken({ answers: [{ ...late, waitedMs: 25 }] }), []);
  assert.deepEqual(broken({ answers: [late], twinMs: [40] }), []);
  assert.match(broken({ signal: { tookMs: 111, waitedMs: 0 } }).join(), /^the signal is obeyed in time/);
  assert.deepEqual(broken({ signal: { tookMs: 511, waitedMs: 405 } }), []);
});

test('a restart whose service is late, or did not come back, is found', () => {
  const late = /^9 of 10 restarts have their service ready again in time: 61 ms of 1$/;
  assert.match(broken({ events: restart(61) }).join(), late);
  assert.deepEqual(broken({ events: restart(61), twinMs: [26] }), []);
  for (const events of [restart(6, 'failed'), restart(6).toSpliced(2, 1)])
    assert.match(broken({ events, told: [] }).join(), /^9 of 10 restarts .*: Infinity ms of 1$/);
});

test('an event that is missing, or comes again, or an end that nobody told, is found; what was told is none', () => {
  const of = (more: Partial<Told>) => broken({ told: [{ ...whole, ...more }] }).join();
  assert.match(of({ seqs: [1, 5, 7] }), /1 events are missing before 5$/);
  assert.equal(of({ seqs: [1, 5, 7], gaps: new Set([1]) }), '');
  assert.match(of({ seqs: [1, 3, 3, 5, 7] }), /event 3 came again$/);
  assert.match(of({ seqs: [1, 3, 5] }), /1 events are missing at the end$/);
  assert.match(of({ seqs: [1, 3], isOver: false }), /one that reads was not told the end$/);
  assert.match(of({ seqs: [1, 2, 3, 5, 7] }), /event 2 is in no record$/);
  assert.equal(of({ pace: 'never', seqs: [], isOver: false }), '');
});

test('memory that is much or grows, a wrong answer, a wrong status and what is left are found', () => {
  assert.match(broken({ memoryMib: minute(60, 80, 80, 301) }).join(), /bounded: 301 MiB/);
  assert.match(broken({ memoryMib: minute(60, 80, 85, 97) }).join(), /^memory does not grow: 80 -> 97 MiB$/);
  assert.deepEqual(broken({ memoryMib: [60, 80, 85, 97] }), []);
  assert.match(
    broken({ answers: [answer, { ...answer, isGood: false, status: 503 }] }).join(),
    /1 of 2, 1 x ps: 503$/,
  );
  assert.match(broken({ status: 1 }).join(), /its status says so: 1$/);
  assert.match(broken({ remains: ['yes'] }).join(), /^nothing is left: 1 processes$/);
});

test('a percentile is a value that was found', () => {
  assert.deepEqual(
    [50, 99, 100].map((of) => percentile([3, 1, 2], of)),
    [2, 3, 3],
  );
});
