import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Command, Condition, ConditionKind, ServiceConfig } from '../../../src/config/types.ts';
import { estimateStart } from '../../../src/graph/estimate-start.ts';
import { graphOf } from '../../../src/graph/graph.ts';
import { sampleEdge, sampleService } from '../../support/sample-config.ts';

const MAKE: Command = { kind: 'shell', script: 'make' };
const FILE: ConditionKind = { kind: 'file', path: '/ready' };

function condition(withinMs: number | undefined, kind: ConditionKind = FILE): Condition {
  return { ...kind, withinMs, timeoutMs: 1_000, intervalMs: undefined, successes: 1 };
}

const db = sampleService('db', { ready: condition(60_000) });
const cache = sampleService('cache', { ready: condition(5_000) });
const migrate = sampleService('migrate', {
  type: 'task',
  dependsOn: [sampleEdge('db')],
});
const api = (...edges: ServiceConfig['dependsOn']) =>
  sampleService('api', { dependsOn: edges, ready: condition(10_000) });

const table: readonly [law: string, services: ServiceConfig[], expected: object][] = [
  ['nothing starts at once', [], { worstMs: 0, limitedMs: 0, chain: [], unlimited: [] }],
  [
    'without a readiness condition a service is ready at once',
    [sampleService('a')],
    { worstMs: 0, limitedMs: 0, chain: [], unlimited: [] },
  ],
  [
    'is the longest chain of deadlines',
    [api(sampleEdge('db'), sampleEdge('cache')), db, cache],
    { worstMs: 70_000, limitedMs: 70_000, chain: ['db', 'api'], unlimited: [] },
  ],
  [
    'what runs before a service has as long as its readiness, and is waited for by who waits for its spawn',
    [
      api(sampleEdge('made', { condition: 'started' })),
      sampleService('made', { before: [MAKE], ready: condition(4_000) }),
      sampleService('plain', { before: [MAKE] }),
    ],
    { worstMs: 60_000, limitedMs: 60_000, chain: ['plain'], unlimited: [] },
  ],
  [
    'both count',
    [api(sampleEdge('made')), sampleService('made', { before: [MAKE, MAKE], ready: condition(40_000) })],
    { worstMs: 90_000, limitedMs: 90_000, chain: ['made', 'api'], unlimited: [] },
  ],
  [
    'what runs before a task has no limit',
    [sampleService('made', { before: [MAKE], type: 'task', ready: condition(undefined) })],
    { worstMs: undefined, limitedMs: 0, chain: [], unlimited: ['made'] },
  ],
  [
    'an edge that waits for the spawn waits for no deadline',
    [api(sampleEdge('db', { condition: 'started' }), sampleEdge('cache')), db, cache],
    { worstMs: 60_000, limitedMs: 60_000, chain: ['db'], unlimited: [] },
  ],
  [
    'an edge waits no longer than its timeout',
    [api(sampleEdge('db', { timeoutMs: 55_000, optional: true })), db],
    { worstMs: 65_000, limitedMs: 65_000, chain: ['db', 'api'], unlimited: [] },
  ],
  [
    'has no bound with a task that has no deadline, and counts the rest without it',
    [api(sampleEdge('migrate', { condition: 'completed' })), db, migrate],
    { worstMs: undefined, limitedMs: 70_000, chain: ['db', 'api'], unlimited: ['migrate'] },
  ],
  [
    'a task with a deadline is bounded',
    [api(sampleEdge('migrate', { condition: 'exited' })), db, { ...migrate, ready: condition(3_000) }],
    { worstMs: 73_000, limitedMs: 73_000, chain: ['db', 'migrate', 'api'], unlimited: [] },
  ],
  [
    'has no bound when something waits for a service to end',
    [api(sampleEdge('cache', { condition: 'exited' })), cache],
    { worstMs: undefined, limitedMs: 10_000, chain: ['api'], unlimited: ['cache'] },
  ],
  [
    'a delay is as long as it says',
    [sampleService('a', { ready: condition(60_000, { kind: 'delay', delayMs: 2_000 }) })],
    { worstMs: 2_000, limitedMs: 2_000, chain: ['a'], unlimited: [] },
  ],
  [
    'several conditions take as long as the longest, and no longer than their own deadline',
    [
      sampleService('a', {
        ready: condition(undefined, { kind: 'all', of: [condition(3_000), condition(4_000)] }),
      }),
      sampleService('b', {
        ready: condition(1_000, { kind: 'any', of: [condition(undefined), condition(4_000)] }),
      }),
    ],
    { worstMs: 4_000, limitedMs: 4_000, chain: ['a'], unlimited: [] },
  ],
];

describe('the worst case of a start', () => {
  for (const [law, services, expected] of table) {
    test(law, () => assert.deepEqual(estimateStart(graphOf(services)), expected));
  }
});
