/**
 * What of a run's events hooks hear of: of each service, and of the whole graph.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact, OrderlyEvent } from '../../../src/events/event.ts';
import { Occasions } from '../../../src/hooks/occasions.ts';

/** Each as `ready of a: why`, or `ready of graph by a: why`. */
function heard(...facts: readonly Fact[]): readonly string[] {
  const occasions = new Occasions((service) => service.startsWith('task'));
  return facts.flatMap((fact, at) =>
    occasions
      .next({ ...fact, seq: at + 1, time: 't', ms: at } as OrderlyEvent)
      .map(({ of, event, service, why }) =>
        of === 'graph' ? `graph ${event} by ${service}: ${why}` : `${service} ${event}: ${why}`,
      ),
  );
}

const started = (services: readonly string[], selection = services): Fact => ({
  ...{ type: 'run.started', name: 'x', services, selection, dependencies: {}, pid: 1 },
});
const on = <Type extends Fact['type']>(type: Type, service: string, more: object = {}): Fact =>
  ({ type, service, attempt: 1, ...more }) as unknown as Fact;
const ready = (service: string): Fact => on('service.ready', service, { evidence: 'asked' });
const stopping = (service: string): Fact => on('service.stopping', service);
const backoff = (service: string): Fact => on('service.backoff', service, { cause: 'exited with code 3' });
const starting = (service: string): Fact => on('service.starting', service);
const failed = (service: string): Fact => on('service.failed', service, { cause: 'exited with code 3' });
const wanted = (service: string, want: 'up' | 'down'): Fact => on('service.wanted', service, { want });
const changed = (...added: readonly string[]): Fact => ({ type: 'graph.changed', added }) as unknown as Fact;
const down: Fact = { type: 'shutdown.requested', cause: { kind: 'down' }, budget_ms: 1 };

const ALL = 'all that is wanted is ready';
const EXIT = 'exited with code 3';

const TABLE: Readonly<Record<string, readonly [facts: readonly Fact[], wanted: readonly string[]]>> = {
  'the graph is ready when its last service is': [
    [started(['a', 'b']), starting('a'), ready('a'), starting('b'), ready('b')],
    ['a ready: asked', 'b ready: asked', `graph ready by b: ${ALL}`],
  ],
  'a task is ready when it has completed, a service that ends is not': [
    [started(['task', 'a']), on('service.completed', 'task'), on('service.completed', 'a')],
    ['task ready: completed', `graph ready by a: ${ALL}`],
  ],
  'a task that said so itself is ready once': [
    [started(['task']), ready('task'), on('service.completed', 'task')],
    ['task ready: asked', `graph ready by task: ${ALL}`],
  ],
  'what was not selected is not waited for, unless somebody asks for it': [
    [...[started(['a', 'b'], ['a']), ready('a')], ...[wanted('b', 'up'), starting('b'), ready('b')]],
    ['a ready: asked', `graph ready by a: ${ALL}`, 'b ready: asked', `graph ready by b: ${ALL}`],
  ],
  'what somebody stopped is not waited for any more': [
    [started(['a', 'b']), ready('a'), wanted('b', 'down'), stopping('a'), starting('a'), ready('a')],
    ['a ready: asked', 'a ready: asked', `graph ready by a: ${ALL}`],
  ],
  'a loss, and the graph is ready again; a restart is one only after a failure': [
    [started(['a', 'b']), ready('a'), ready('b'), backoff('a'), starting('a'), ready('a'), stopping('b')],
    [
      ...['a ready: asked', 'b ready: asked', `graph ready by b: ${ALL}`],
      ...[`a restarted: ${EXIT}`, `graph restarted by a: ${EXIT}`],
      ...['a ready: asked', `graph ready by a: ${ALL}`],
    ],
  ],
  'one that waits between its failure and its next instance is restarted all the same': [
    [started(['a']), backoff('a'), on('service.pending', 'a'), starting('a'), starting('a')],
    [`a restarted: ${EXIT}`, `graph restarted by a: ${EXIT}`],
  ],
  'one that was stopped in its back-off and is started by somebody is not restarted': [
    [started(['a']), backoff('a'), on('service.stopped', 'a'), wanted('a', 'up'), starting('a')],
    [],
  ],
  'of the failures the first is told of the graph, and the next first one when all was ready in between': [
    [started(['a', 'b']), failed('a'), failed('b'), ready('a'), ready('b'), failed('a')],
    [
      ...[`a failed: ${EXIT}`, `graph failed by a: ${EXIT}`, `b failed: ${EXIT}`],
      ...['a ready: asked', 'b ready: asked', `graph ready by b: ${ALL}`],
      ...[`a failed: ${EXIT}`, `graph failed by a: ${EXIT}`],
    ],
  ],
  'whatever is unhealthy is told of both': [
    [started(['a']), on('service.unhealthy', 'a', { detail: 'connection refused' })],
    ['a unhealthy: connection refused', 'graph unhealthy by a: connection refused'],
  ],
  'what is added has to be ready too, and what is removed has not': [
    [
      started(['a', 'b']),
      ready('a'),
      changed('c'),
      ready('b'),
      on('service.removed', 'c'),
      stopping('b'),
      ready('b'),
    ],
    ['a ready: asked', 'b ready: asked', 'b ready: asked', `graph ready by b: ${ALL}`],
  ],
  'a graph that goes down is not ready': [[started(['a']), down, ready('a')], ['a ready: asked']],
};

for (const [name, [facts, wantedHeard]] of Object.entries(TABLE)) {
  test(name, () => assert.deepEqual(heard(...facts), wantedHeard));
}
