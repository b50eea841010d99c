import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ALLOWED_MOVES,
  isAllowedMove,
  isRest,
  renderStateDiagram,
  type ServiceState,
  stateAfter,
} from '../../../src/events/state-table.ts';

const states = Object.keys(ALLOWED_MOVES) as ServiceState[];

test('every state can be reached from pending, and from every state a rest', () => {
  const reached = reachableFrom('pending');
  for (const state of states) {
    assert.ok(reached.has(state), `${state} is never reached`);
    assert.ok(isRest(state) || [...reachableFrom(state)].some(isRest), `${state} never ends`);
  }
});

test('at rest are stopped, completed, failed and skipped', () => {
  assert.deepEqual(states.filter(isRest), ['stopped', 'completed', 'failed', 'skipped']);
});

test('ST-1 no state moves to itself, and from every other one a service can be pending again', () => {
  for (const state of states) {
    assert.equal(isAllowedMove(state, state), false);
    assert.equal(isAllowedMove(state, 'pending'), state !== 'pending');
  }
});

test('ST-2 a stop that has begun is not taken back', () => {
  for (const state of ['stopping', 'cleaning'] as const) assert.equal(isAllowedMove(state, 'ready'), false);
});

test('what ran is never skipped without its clean-ups', () => {
  for (const state of ['starting', 'ready', 'stopping'] as const)
    assert.equal(isAllowedMove(state, 'skipped'), false);
});

test('only the events named after a state move a service', () => {
  const base = { service: 'a', attempt: 1 };
  assert.equal(stateAfter({ ...base, type: 'service.cleaning', count: 1 }), 'cleaning');
  assert.equal(stateAfter({ ...base, type: 'service.exited', code: 0, asked: true }), undefined);
  assert.equal(stateAfter({ ...base, type: 'service.killed', reason: '' }), undefined);
  assert.equal(stateAfter({ ...base, type: 'service.note', text: '' }), undefined);
  assert.equal(stateAfter({ ...base, type: 'service.unready', detail: '' }), undefined);
  assert.equal(stateAfter({ ...base, type: 'service.background', left: [], advice: '' }), undefined);
  assert.equal(stateAfter({ type: 'shutdown.escalated', level: 2 }), undefined);
});

test('the diagram has every move, the beginning and the ends', () => {
  const lines = renderStateDiagram().split('\n');
  assert.deepEqual(lines.slice(0, 3), ['stateDiagram-v2', '  [*] --> pending', '  pending --> starting']);
  assert.ok(lines.includes('  failed --> [*]'));
  assert.equal(lines.length, 2 + Object.values(ALLOWED_MOVES).flat().length + states.filter(isRest).length);
});

function reachableFrom(start: ServiceState): Set<ServiceState> {
  const seen = new Set<ServiceState>([start]);
  for (const state of seen) for (const next of ALLOWED_MOVES[state]) seen.add(next);
  return seen;
}
