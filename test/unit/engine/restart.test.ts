import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RestartPolicy } from '../../../src/config/types.ts';
import { decideRestart, noRestarts, type RestartHistory } from '../../../src/engine/restart.ts';

const policy: RestartPolicy = {
  policy: 'on-failure',
  max: 3,
  windowMs: 60_000,
  delayMs: 100,
  factor: 2,
  maxDelayMs: 1000,
  jitter: 0.1,
  resetAfterMs: 30_000,
  successCodes: [0],
};
const failure = { outcome: 'failure', readyMs: 0 } as const;
const success = { outcome: 'success', readyMs: 0 } as const;

/** The delays of failures in a row, one a second, until it gives up. */
function delays(given: RestartPolicy, count: number, random = 0): (number | string)[] {
  let history: RestartHistory = noRestarts;
  const seen: (number | string)[] = [];
  for (let at = 0; at < count; at++) {
    const decision = decideRestart(given, history, failure, at * 1000, random);
    seen.push(decision.kind === 'restart' ? decision.delayMs : decision.kind);
    if (decision.kind === 'restart') history = decision.history;
  }
  return seen;
}

test('the delay grows by the factor up to its maximum', () => {
  assert.deepEqual(delays({ ...policy, max: 0 }, 6), [100, 200, 400, 800, 1000, 1000]);
});

test('jitter adds at most its share to the delay', () => {
  assert.deepEqual(delays({ ...policy, max: 0 }, 5, 0.5), [105, 210, 420, 840, 1050]);
});

test('restarts used up within the window end it', () => {
  assert.deepEqual(delays(policy, 4), [100, 200, 400, 'failed']);
});

test('restarts older than the window do not count', () => {
  const history = { restartsMs: [0, 1, 2], failures: 3 };
  assert.equal(decideRestart(policy, history, failure, 59_999, 0).kind, 'failed');
  assert.equal(decideRestart(policy, history, failure, 60_000, 0).kind, 'restart');
});

test('being ready long enough makes the next failure the first again', () => {
  const history = { restartsMs: [], failures: 4 };
  const after = (readyMs: number) => {
    const decision = decideRestart(policy, history, { outcome: 'failure', readyMs }, 1e6, 0);
    return decision.kind === 'restart' ? decision.failures : undefined;
  };
  assert.equal(after(29_999), 5);
  assert.equal(after(30_000), 1);
});

test('which ends are followed by a restart', () => {
  const table = [
    ['no', failure, 'failed'],
    ['no', success, 'completed'],
    ['on-failure', failure, 'restart'],
    ['on-failure', success, 'completed'],
    ['always', failure, 'restart'],
    ['always', success, 'restart'],
    ['always', { outcome: 'hopeless', readyMs: 0 }, 'failed'],
    ['on-failure', { outcome: 'hopeless', readyMs: 0 }, 'failed'],
  ] as const;
  for (const [word, ended, expected] of table) {
    const decision = decideRestart({ ...policy, policy: word }, noRestarts, ended, 0, 0);
    assert.equal(decision.kind, expected, `${word} after ${ended.outcome}`);
  }
});
