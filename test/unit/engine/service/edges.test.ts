import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DependencyView, judgeEdge, judgeEdges } from '../../../../src/engine/service/edges.ts';
import { sampleEdge } from '../../../support/sample-config.ts';

/** At rest, and nothing brings it back. */
const over = (clause: string) => ({ over: clause, isNever: true });

const pending: DependencyView = {
  isTask: false,
  isCall: false,
  attempt: 0,
  lost: undefined,
  standsInFor: 0,
  lostAlready: undefined,
  isNever: false,
  isHeld: false,
  isDownByRequest: false,
  spawned: false,
  ready: false,
  completed: false,
  exited: false,
  over: undefined,
  fault: undefined,
};

test('what each condition says of each state of a dependency', () => {
  const states: [string, DependencyView][] = [
    ['pending', pending],
    ['starting', { ...pending, spawned: true }],
    ['ready', { ...pending, spawned: true, ready: true }],
    ['restarting', { ...pending, attempt: 1, lost: 'exited with code 0' }],
    ['failed', { ...pending, exited: true, ...over('failed') }],
    ['completed service', { ...pending, exited: true, completed: true, ...over('has ended') }],
    ['completed function', { ...pending, isCall: true, exited: true, completed: true, ...over('has ended') }],
    ['function between two', { ...pending, isCall: true, exited: true, completed: true }],
    ['completed task', { ...pending, isTask: true, exited: true, completed: true, ...over('has ended') }],
    ['skipped', { ...pending, ...over('was skipped') }],
  ];
  const seen = states.map(([name, view]) =>
    [
      name,
      ...(['started', 'ready', 'completed', 'exited'] as const).map((condition) =>
        judgeEdge(condition, view),
      ),
    ].join(' '),
  );
  assert.deepEqual(seen, [
    'pending waiting waiting waiting waiting',
    'starting holds waiting waiting waiting',
    'ready holds holds waiting waiting',
    'restarting waiting waiting waiting waiting',
    'failed never never never holds',
    'completed service never never holds holds',
    'completed function holds holds holds holds',
    'function between two waiting waiting holds holds',
    'completed task holds holds holds holds',
    'skipped never never never never',
  ]);
});

test('an optional edge is waited for while its dependency is coming, and passed over once it is over', () => {
  const edge = sampleEdge('cache', { optional: true });
  assert.equal(
    judgeEdges(
      [edge],
      () => pending,
      () => 0,
    ).kind,
    'wait',
  );
  assert.equal(
    judgeEdges(
      [edge],
      () => ({ ...pending, ...over('failed') }),
      () => 0,
    ).kind,
    'go',
  );
});

test('an edge that can never hold names its dependency and what became of it', () => {
  const verdict = judgeEdges(
    [sampleEdge('db')],
    () => ({ ...pending, ...over('failed: exited with code 1'), fault: 'db' }),
    () => 0,
  );
  assert.deepEqual(verdict, { kind: 'never', because: '"db" failed: exited with code 1', fault: 'db' });
});

test('a late edge fails the service, a late optional one lets it go on', () => {
  const late = sampleEdge('db', { timeoutMs: 5000 });
  assert.equal(
    judgeEdges(
      [late],
      () => pending,
      () => 4999,
    ).kind,
    'wait',
  );
  assert.deepEqual(
    judgeEdges(
      [late],
      () => pending,
      () => 5000,
    ),
    {
      kind: 'timed-out',
      because: '"db" was not ready within 5 s',
    },
  );
  assert.equal(
    judgeEdges(
      [{ ...late, optional: true }],
      () => pending,
      () => 5000,
    ).kind,
    'go',
  );
});
