/** The two clocks, and the promise of `Clock.at`. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { sleep, systemClock, taskGroup, VirtualClock, withClock } from '../../../../src/concurrency/index.ts';
import { law } from '../../../support/concurrency-lab.ts';

/** Runs once everything that is ready has run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a virtual clock fires in the order of times, equal ones in the order of setting', async () => {
  const clock = new VirtualClock(100);
  const fired: string[] = [];
  for (const [name, time] of [
    ['c', 300],
    ['a', 200],
    ['d', 300],
    ['past', 0],
    ['b', 200],
  ] as const) {
    clock.at(time, () => fired.push(`${name}@${clock.now()}`));
  }
  assert.deepEqual(fired, []);
  await turn();
  await turn();
  await turn();
  assert.deepEqual(fired, ['past@100', 'a@200', 'b@200', 'c@300', 'd@300']);
  assert.equal(clock.pendingTimers, 0);
});

test('a timer set for now by a timer fires in a later turn, after what is ready', async () => {
  const clock = new VirtualClock();
  const events: string[] = [];
  clock.at(10, () => {
    clock.at(10, () => events.push('timer'));
    void Promise.resolve().then(() => events.push('reaction'));
  });
  await turn();
  await turn();
  assert.deepEqual(events, ['reaction', 'timer']);
});

test('a cancelled timer does not fire, wherever it is in the heap', async () => {
  const clock = new VirtualClock();
  const fired: number[] = [];
  const timers = Array.from({ length: 200 }, (_, i) => (i * 7919) % 200).map((time) => ({
    time,
    timer: clock.at(time, () => fired.push(time)),
  }));
  for (const { time, timer } of timers) if (time % 3 !== 0) timer.cancel();
  while (clock.pendingTimers > 0) await turn();
  assert.deepEqual(
    fired,
    Array.from({ length: 67 }, (_, i) => 3 * i),
  );
});

test('a timer that throws does not take the others with it', async () => {
  const clock = new VirtualClock();
  const thrown: unknown[] = [];
  const fired: string[] = [];
  process.setUncaughtExceptionCaptureCallback((error) => thrown.push(error));
  try {
    clock.at(1, () => {
      throw new Error('A');
    });
    clock.at(1, () => fired.push('B'));
    await turn();
    await turn();
  } finally {
    process.setUncaughtExceptionCaptureCallback(null);
  }
  assert.deepEqual([thrown.length, fired], [1, ['B']]);
});

law('time stands still while anything can run', async (lab) => {
  await taskGroup((group) => {
    group.startSoon(async () => {
      for (let i = 0; i < 1000; i++) await undefined;
      assert.equal(lab.clock.now(), 0);
    });
    group.startSoon(() => sleep(1000));
  });
  assert.equal(lab.clock.now(), 1000);
});

test('NaN is no time, Infinity never comes', () => {
  for (const clock of [systemClock, new VirtualClock()]) {
    assert.throws(() => clock.at(Number.NaN, () => undefined), RangeError);
    clock.at(Number.POSITIVE_INFINITY, () => undefined).cancel();
  }
});

const real = { setTimeout, performance: performance.now.bind(performance) };
/** The last timer asked of Node, and the time that the system clock reads. */
const node = { nowMs: 1_000_000, delayMs: 0, fire: (): void => undefined };

beforeEach(() => {
  // It never falls.
  node.nowMs += 10_000_000;
  mock.method(performance, 'now', () => node.nowMs);
  mock.method(globalThis, 'setTimeout', (fn: () => void, delayMs: number) => {
    node.fire = fn;
    node.delayMs = delayMs;
    return real.setTimeout(() => undefined, 0);
  });
});
afterEach(() => mock.restoreAll());

test('JS-6 durations beyond 2^31−1 ms hold on the system clock', () => {
  const longest = 2 ** 31 - 1;
  let fired = 0;
  systemClock.at(node.nowMs + longest + 5000, () => fired++);
  assert.equal(node.delayMs, longest);
  node.nowMs += longest;
  node.fire();
  assert.equal(fired, 0);
  assert.equal(node.delayMs, 5000);
  node.nowMs += 5000;
  node.fire();
  assert.equal(fired, 1);
});

test('JS-6 a Node timer that fires early is set again', () => {
  let fired = 0;
  systemClock.at(node.nowMs + 10, () => fired++);
  node.nowMs += 9.4;
  node.fire();
  assert.equal(fired, 0);
  assert.equal(node.delayMs, 1);
  node.nowMs += 0.7;
  node.fire();
  assert.equal(fired, 1);
});

test('CS-44 the system clock fires all that is due in one turn, in order', async () => {
  const fired: string[] = [];
  await withClock(systemClock, async () => {
    systemClock.at(node.nowMs + 20, () => fired.push('b'));
    systemClock.at(node.nowMs + 20, () => fired.push('c'));
    systemClock.at(node.nowMs + 10, () => fired.push('a'));
    systemClock.at(node.nowMs + 90, () => fired.push('d')).cancel();
    node.nowMs += 40;
    node.fire();
  });
  assert.deepEqual(fired, ['a', 'b', 'c']);
});

test('what came in during a stall is heard before the system clock fires what is late', async () => {
  const heard: string[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.on('message', () => heard.push('message'));
  systemClock.at(node.nowMs + 20, () => heard.push('timer'));
  port2.postMessage('sent while nobody could hear it');
  node.nowMs += 6000;
  node.fire();
  assert.deepEqual(heard, []);
  for (let turns = 0; turns < 5; turns++) await turn();
  port1.close();
  assert.deepEqual(heard, ['message', 'timer']);
});

test('a late timer that is cancelled while the system clock hears what came in does not fire', async () => {
  const fired: string[] = [];
  const late = systemClock.at(node.nowMs + 20, () => fired.push('late'));
  node.nowMs += 6000;
  node.fire();
  late.cancel();
  systemClock.at(node.nowMs, () => fired.push('next'));
  for (let turns = 0; turns < 4; turns++) await turn();
  assert.deepEqual(fired, ['next']);
});

test('a timer of the system clock that vanished with a faked setTimeout is set again by the next that is asked for', () => {
  const fired: string[] = [];
  systemClock.at(node.nowMs + 20, () => fired.push('first'));
  // Who gives the real one back forgets what the faked one was asked for.
  const timers: { readonly fn: () => void; readonly delayMs: number }[] = [];
  mock.method(globalThis, 'setTimeout', (fn: () => void, delayMs: number) => {
    timers.push({ fn, delayMs });
    return real.setTimeout(() => undefined, 0);
  });
  systemClock.at(node.nowMs + 50, () => fired.push('second'));
  assert.deepEqual(
    timers.map(({ delayMs }) => delayMs),
    [20],
  );
  for (const ms of [20, 30]) {
    node.nowMs += ms;
    timers.at(-1)?.fn();
  }
  assert.deepEqual(fired, ['first', 'second']);
});

test('the system clock looks for stalls only while somebody wants to know, and tells each once', () => {
  const lost: number[] = [];
  const watch = systemClock.watchStalls!((lostMs) => lost.push(lostMs));
  assert.equal(node.delayMs, 250);
  node.nowMs += 280;
  node.fire();
  assert.deepEqual(lost, [], 'a little late is nothing');
  node.nowMs += 6250;
  watch.notice();
  watch.notice();
  assert.deepEqual(lost, [6000]);
  node.nowMs += 30;
  node.fire();
  assert.deepEqual(lost, [6000], 'the rest was no stall');
  watch.end();
  const before = node.delayMs;
  node.nowMs += 60_000;
  assert.deepEqual([lost, node.delayMs], [[6000], before]);
});

test('a stall of a virtual clock: what happened outside, then what is late, then time goes on', async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  const note = (what: string) => () => void Promise.resolve().then(() => seen.push(`${what}@${clock.now()}`));
  clock.stall(100, 1000);
  clock.watchStalls((lostMs) => seen.push(`lost ${lostMs}`));
  clock.at(50, note('early'));
  clock.at(200, note('late'));
  clock.outside.at(600, note('outside'));
  clock.outside.at(500, note('outside first'));
  clock.outside.at(400, note('never')).cancel();
  clock.at(1200, note('after'));
  while (clock.pendingTimers > 0) await turn();
  assert.deepEqual(seen, [
    'early@50',
    'lost 1000',
    'outside first@1100',
    'outside@1100',
    'late@1100',
    'after@1200',
  ]);
});

test('a stall of a virtual clock from now on is over at once, and nothing that is late comes before what happened', async () => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  const note = (what: string) => () => void Promise.resolve().then(() => seen.push(`${what}@${clock.now()}`));
  clock.watchStalls((lostMs) => seen.push(`lost ${lostMs}`));
  clock.at(100, () => {
    clock.at(150, note('late'));
    clock.at(100, note('late too'));
    clock.outside.at(160, note('outside'));
    clock.stall(clock.now(), 500);
    seen.push(`here@${clock.now()}`);
    clock.at(650, note('after'));
  });
  while (clock.pendingTimers > 0) await turn();
  assert.deepEqual(seen, ['lost 500', 'here@600', 'outside@600', 'late too@600', 'late@600', 'after@650']);
});
