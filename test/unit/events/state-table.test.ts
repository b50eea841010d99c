import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ALLOWED_MOVES,
  isAllowedMove,
  isFinal,
  renderStateDiagram,
  type ServiceState,
  stateAfter,
} from '../../../src/events/state-table.ts';

const states = Object.keys(ALLOWED_MOVES) as ServiceState[];

test('every state can be reached from pending, and from every state a final one', () => {
  const reached = reachableFrom('pending');
  for (const state of states) {
    assert.ok(reached.has(state), `${state} is never reached`);
    assert.ok(isFinal(state) || [...reachableFrom(state)].some(isFinal), `${state} never ends`);
  }
});

test('the final states are stopped, completed, failed and skipped', () => {
  assert.deepEqual(states.filter(isFinal), ['stopped', 'completed', 'failed', 'skipped']);
});

test('no state moves to itself, and only an instance that gave way returns to pending', () => {
  const mayGiveWay: readonly ServiceState[] = ['starting', 'ready', 'stopping', 'cleaning'];
  for (const state of states) {
    assert.equal(isAllowedMove(state, state), false);
    assert.equal(isAllowedMove(state, 'pending'), mayGiveWay.includes(state));
  }
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
  assert.equal(stateAfter({ ...base, type: 'service.background', left: [], advice: '' }), undefined);
  assert.equal(stateAfter({ type: 'shutdown.escalated', level: 2 }), undefined);
});

test('the diagram has every move, the beginning and the ends', () => {
  const lines = renderStateDiagram().split('\n');
  assert.deepEqual(lines.slice(0, 3), ['stateDiagram-v2', '  [*] --> pending', '  pending --> starting']);
  assert.ok(lines.includes('  failed --> [*]'));
  assert.equal(lines.length, 2 + Object.values(ALLOWED_MOVES).flat().length + states.filter(isFinal).length);
});

function reachableFrom(start: ServiceState): Set<ServiceState> {
  const seen = new Set<ServiceState>([start]);
  for (const state of seen) for (const next of ALLOWED_MOVES[state]) seen.add(next);
  return seen;
}
