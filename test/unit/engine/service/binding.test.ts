import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OnLoss } from '../../../../src/config/types.ts';
import { bindTo, followAll, judgeLosses } from '../../../../src/engine/service/binding.ts';
import type { DependencyView } from '../../../../src/engine/service/edges.ts';
import { sampleEdge } from '../../../support/sample-config.ts';

const ready: DependencyView = {
  attempt: 1,
  lost: undefined,
  standsInFor: 1,
  lostAlready: undefined,
  isNever: false,
  isHeld: false,
  isDownByRequest: false,
  isTask: false,
  isCall: false,
  spawned: true,
  ready: true,
  completed: false,
  exited: false,
  over: undefined,
  fault: undefined,
};
const crashed: DependencyView = {
  ...ready,
  spawned: false,
  ready: false,
  lost: 'exited with code 1',
  lostAlready: 'exited with code 1',
};
const starting: DependencyView = { ...ready, attempt: 2, standsInFor: 2, ready: false };
const back: DependencyView = { ...ready, attempt: 2, standsInFor: 2 };
const edge = (service: string, onLoss: OnLoss) => sampleEdge(service, { onLoss });
const restart = (afterMs = 0): OnLoss => ({ act: 'restart', afterMs });

/** What follows after the dependency was seen like this, one view every 100 ms. */
function verdicts(onLoss: OnLoss, ...views: readonly DependencyView[]) {
  let bindings = bindTo([edge('db', onLoss)], () => ready, 0);
  return views.map((view, index) => {
    const nowMs = (index + 1) * 100;
    bindings = followAll(bindings, () => view, nowMs);
    const verdict = judgeLosses(bindings, nowMs);
    return verdict.kind === 'lost' ? verdict.loss.reason : verdict.untilMs;
  });
}

test('an instance relies only on edges that react', () => {
  assert.deepEqual(
    bindTo([sampleEdge('db')], () => ready, 0),
    [],
  );
});

test('nothing is lost while the instance is the same; an array that is the same says so', () => {
  const bindings = bindTo([edge('db', restart())], () => ready, 0);
  assert.equal(
    followAll(bindings, () => ({ ...ready }), 100),
    bindings,
  );
  assert.deepEqual(judgeLosses(bindings, 100), { kind: 'bearable', untilMs: Infinity });
});

test('a loss is due at once, or after a time that counts from it', () => {
  const reason = '"db" was lost: exited with code 1';
  assert.deepEqual(verdicts(restart(), ready, crashed), [Infinity, reason]);
  assert.deepEqual(verdicts(restart(150), crashed, crashed, starting), [
    250,
    250,
    `${reason}, and was not back within 150 ms`,
  ]);
});

test('what is back is relied on anew; being started again is not being back', () => {
  assert.deepEqual(verdicts(restart(150), crashed, back, back), [250, Infinity, Infinity]);
  assert.deepEqual(
    verdicts(restart(500), crashed, starting, back, { ...crashed, attempt: 2, standsInFor: 2 }),
    [600, 600, Infinity, 900],
  );
});

test('what was lost and is back before anybody looked has been lost', () => {
  assert.deepEqual(verdicts(restart(), back), ['"db" was lost: was restarted']);
});

test('a task that has ended with success can be told to stop, and is not lost', () => {
  const done = { ...ready, isTask: true, spawned: false, completed: true, lost: 'has to stop: SIGTERM' };
  assert.deepEqual(verdicts(restart(), done), [Infinity]);
});

test('an optional edge that never held is not lost; once it has, it is', () => {
  const optional = sampleEdge('db', { optional: true, onLoss: restart() });
  const before = bindTo([optional], () => crashed, 0);
  assert.equal(judgeLosses(before, 0).kind, 'bearable');
  const found = followAll(before, () => back, 100);
  assert.equal(
    judgeLosses(
      followAll(found, () => ({ ...crashed, attempt: 2, standsInFor: 2 }), 200),
      200,
    ).kind,
    'lost',
  );
});

test('of several the one that was due first is the reason, and stop wins if it is due', () => {
  const edges = [edge('db', { act: 'stop', afterMs: 100 }), edge('mq', restart(50))];
  const lost = followAll(
    bindTo(edges, () => ready, 0),
    () => crashed,
    10,
  );
  assert.deepEqual(judgeLosses(lost, 59), { kind: 'bearable', untilMs: 60 });
  const reason = '"mq" was lost: exited with code 1, and was not back within 50 ms';
  assert.deepEqual(judgeLosses(lost, 60), { kind: 'lost', loss: { reason, again: true, service: 'mq' } });
  assert.deepEqual(judgeLosses(lost, 110), { kind: 'lost', loss: { reason, again: false, service: 'mq' } });
});
