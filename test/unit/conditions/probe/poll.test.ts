import assert from 'node:assert/strict';
import { test } from 'node:test';
import { now, sleep } from '../../../../src/concurrency/index.ts';
import type { Check, Outcome } from '../../../../src/conditions/probe/check.ts';
import { poll } from '../../../../src/conditions/probe/poll.ts';
import { inVirtualTime } from '../probing.ts';

const outcomes: Readonly<Record<string, Outcome>> = {
  h: { kind: 'held', evidence: 'yes' },
  n: { kind: 'not-yet', detail: 'no' },
  e: { kind: 'error', detail: 'not asked' },
  x: { kind: 'never', why: 'hopeless' },
};

/** Polls outcomes given by letter; a digit is an attempt that takes that many seconds and then holds. */
function polled(series: string, timing: { readonly intervalMs?: number; readonly successes?: number } = {}) {
  return inVirtualTime(async () => {
    const begunMs: number[] = [];
    const seen: string[] = [];
    const check: Check = {
      subject: 'it',
      unanswered: 'no answer',
      async attempt() {
        const letter = series[begunMs.length] ?? 'h';
        begunMs.push(now());
        await sleep(Number(letter) * 1_000 || 0);
        return outcomes[letter] ?? (outcomes.h as Outcome);
      },
    };
    const settled = await poll(
      check,
      { timeoutMs: 1_500, intervalMs: timing.intervalMs, successes: timing.successes ?? 1 },
      (outcome) => seen.push(outcome.kind === 'not-yet' ? outcome.detail : outcome.kind),
    );
    return { begunMs, seen, settled, endMs: now() };
  });
}

test('the first attempt is made at once', async () => {
  assert.deepEqual((await polled('h')).begunMs, [0]);
});

test('adaptive attempts come at 20 ms and ever more slowly', async () => {
  const { begunMs } = await polled('nnnnnnnnnnh');
  assert.deepEqual(
    begunMs.map((ms) => Math.round(ms)),
    [0, 20, 50, 95, 163, 264, 416, 643, 985, 1485, 1985],
  );
});

test('a fixed interval is the pause between the end of an attempt and the next', async () => {
  assert.deepEqual((await polled('nn1', { intervalMs: 2_000 })).begunMs, [0, 2_000, 4_000]);
  assert.deepEqual((await polled('1h', { intervalMs: 2_000, successes: 2 })).begunMs, [0, 3_000]);
});

test('an attempt is cut at its limit and counts as not yet', async () => {
  const { begunMs, seen, endMs } = await polled('29h', { intervalMs: 100 });
  assert.deepEqual(begunMs, [0, 1_600, 3_200]);
  assert.deepEqual(seen, ['it: no answer within 1.5 s', 'it: no answer within 1.5 s', 'held']);
  assert.equal(endMs, 3_200);
});

const thresholds: readonly [series: string, successes: number, attempts: number][] = [
  ['h', 1, 1],
  ['hhh', 3, 3],
  ['hhnhhh', 3, 6],
  ['hehh', 3, 4],
  ['eeh', 1, 3],
];

for (const [series, successes, attempts] of thresholds) {
  test(`"${series}" reaches ${successes} in a row with attempt ${attempts}`, async () => {
    const { begunMs, settled } = await polled(series, { successes });
    assert.equal(begunMs.length, attempts);
    assert.deepEqual(settled, outcomes.h);
  });
}

test('a hopeless condition is not asked again', async () => {
  const { begunMs, settled } = await polled('nx');
  assert.equal(begunMs.length, 2);
  assert.deepEqual(settled, outcomes.x);
});

test('an answer that comes with the limit is late', async () => {
  await inVirtualTime(async () => {
    const seen: string[] = [];
    let attempts = 0;
    const check: Check = {
      subject: 'it',
      unanswered: 'no answer',
      attempt(signal) {
        if (++attempts > 1) return Promise.resolve({ kind: 'held', evidence: 'second' });
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ kind: 'held', evidence: 'first' }));
        });
      },
    };
    const timing = { timeoutMs: 1_000, intervalMs: 0, successes: 1 };
    const settled = await poll(check, timing, (outcome) => seen.push(outcome.kind));
    assert.deepEqual(settled, { kind: 'held', evidence: 'second' });
    assert.deepEqual(seen, ['not-yet', 'held']);
  });
});
