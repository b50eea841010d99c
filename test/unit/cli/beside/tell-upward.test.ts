/**
 * What a manager is told of a run, in one line.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { upwardOutput } from '../../../../src/cli/beside/tell-upward.ts';
import type { Fact, OrderlyEvent } from '../../../../src/events/event.ts';

function told(...facts: readonly Fact[]): { readonly messages: readonly string[]; readonly ready: number } {
  const messages: string[] = [];
  let ready = 0;
  const output = upwardOutput({
    notify: (message) => void messages.push(message),
    ready: () => void ready++,
  })!;
  for (const [at, fact] of facts.entries())
    output.onEvent({ ...fact, seq: at + 1, time: '', ms: at } as OrderlyEvent);
  return { messages, ready };
}

const started = (...services: readonly string[]): Fact => ({
  ...{ type: 'run.started', name: 'x', services, dependencies: {}, pid: 1 },
});
const ready = (service: string): Fact => ({
  ...{ type: 'service.ready', service, attempt: 1, after_ms: 0, evidence: 'spawned', values: {} },
});
const starting = (service: string): Fact => ({
  type: 'service.starting',
  service,
  attempt: 1,
  pid: undefined,
});

test('readiness is told once, and what follows as a status', () => {
  const { messages, ready: times } = told(
    ...[started('a', 'b'), starting('a'), ready('a'), starting('b'), ready('b')],
    {
      type: 'service.backoff',
      service: 'b',
      attempt: 1,
      cause: 'x',
      delay_ms: 1,
      until_ms: 9,
      failures: 1,
    } as Fact,
    ...[starting('b'), ready('b')],
  );
  assert.equal(times, 1);
  assert.deepEqual(messages, [
    'STATUS=0 of 2 ready; waiting for a, b',
    'STATUS=1 of 2 ready; waiting for b',
    'READY=1\nSTATUS=2 of 2 ready',
    'STATUS=1 of 2 ready; not up: b',
    'STATUS=1 of 2 ready; waiting for b',
    'STATUS=2 of 2 ready',
  ]);
});

test('a name is no second line of a message', () => {
  const { messages } = told(started('a\nREADY=1'), starting('a\nREADY=1'));
  assert.equal(messages.length, 1);
  assert.doesNotMatch(messages[0]!, /\n/);
});

test('many are counted', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const { messages } = told(started(...names), starting('a'));
  assert.deepEqual(messages, ['STATUS=0 of 7 ready; waiting for a, b, c, d, e and 2 more']);
});

test('nobody who wants nothing is told', () => {
  assert.equal(upwardOutput({ notify: undefined, ready: undefined }), undefined);
});
