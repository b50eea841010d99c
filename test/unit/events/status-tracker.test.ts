import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Fact } from '../../../src/events/event.ts';
import { EMPTY_STATUS, foldStatus } from '../../../src/events/status.ts';
import { StatusTracker } from '../../../src/events/status-tracker.ts';
import { assertProperty } from '../../support/assert-property.ts';

const service = fc.constantFrom('a', 'b');
const fact: fc.Arbitrary<Fact> = fc.oneof(
  service.map((name): Fact => ({ type: 'service.starting', service: name, attempt: 1, pid: 7 })),
  service.map((name): Fact => ({ type: 'service.exited', service: name, attempt: 1, code: 0, asked: false })),
  service.map((name): Fact => ({ type: 'service.stopped', service: name, attempt: 1 })),
  service.map((name): Fact => ({ type: 'service.skipped', service: name, attempt: 0, because: 'so' })),
  fc.constant<Fact>({ type: 'run.started', name: 'x', services: ['a', 'b'], dependencies: {}, pid: 1 }),
  fc.constant<Fact>({ type: 'shutdown.requested', cause: { kind: 'done' }, budget_ms: 5 }),
  fc.constant<Fact>({ type: 'shutdown.escalated', level: 2 }),
  fc.constant<Fact>({ type: 'run.finished', status: 0, cause: 'x', survivors: [] }),
);

test('after any events it says what the fold of them says', () => {
  assertProperty(
    fc.property(fc.array(fact), (facts) => {
      const tracker = new StatusTracker();
      let folded = EMPTY_STATUS;
      for (const [index, each] of facts.entries()) {
        const event = { seq: index + 1, time: '', ms: index, ...each };
        tracker.apply(event);
        folded = foldStatus(folded, event);
        assert.deepEqual(tracker.status, folded);
      }
    }),
  );
});
