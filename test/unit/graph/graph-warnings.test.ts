import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Condition, EdgeCondition, OnTrip, ServiceConfig } from '../../../src/config/types.ts';
import { graphOf } from '../../../src/graph/graph.ts';
import { graphWarnings } from '../../../src/graph/graph-warnings.ts';
import { sampleEdge, sampleService } from '../../support/sample-config.ts';

const ready: Condition = {
  kind: 'file',
  path: '/ready',
  withinMs: 60_000,
  timeoutMs: 1_000,
  intervalMs: undefined,
  successes: 1,
};
const always = { ...sampleService('x').restart, policy: 'always' } as const;
const api = (...edges: ServiceConfig['dependsOn']) => sampleService('api', { dependsOn: edges });

const silent: readonly [law: string, services: ServiceConfig[]][] = [
  [
    'a dependency that can prove its readiness is fine',
    [api(sampleEdge('db')), sampleService('db', { ready })],
  ],
  ['a task is ready when it has completed', [api(sampleEdge('m')), sampleService('m', { type: 'task' })]],
  [
    'to wait for the spawn needs no condition',
    [api(sampleEdge('db', { condition: 'started' })), sampleService('db')],
  ],
  [
    'who is restarted a number of times has ended once it has failed for good',
    [api(sampleEdge('db', { condition: 'exited' })), sampleService('db', { restart: always })],
  ],
  [
    'to wait for the end of what is not restarted is fine',
    [api(sampleEdge('seed', { condition: 'completed' })), sampleService('seed')],
  ],
  [
    'an optional dependency may have a profile',
    [api(sampleEdge('db', { optional: true })), sampleService('db', { ready, profiles: ['x'] })],
  ],
];

const hook = { kind: 'webhook', url: 'http://x', timeoutMs: 1 } as const;
const never = { ...sampleService('x').restart, policy: 'no' } as const;
const watchdog = { withinMs: 1_000, source: 'log', onFailure: 'report' } as const;

test('a hook that none of those that have it can ever run is told once, one of all services is for those that can', () => {
  const shared = { unhealthy: hook, restarted: hook };
  const warnings = (services: readonly ServiceConfig[]) =>
    graphWarnings(graphOf(services)).map(({ message, path }) => `${path.join('/')} ${message}`);
  const idle = [
    sampleService('a', { on: shared, restart: never }),
    sampleService('b', { on: { unhealthy: hook, ready: hook } }),
  ];
  assert.deepEqual(warnings(idle), [
    'services/a/on/restarted The hook `restarted` of "a" is never run: it is never restarted',
    'services/a/on/unhealthy The hook `unhealthy` of "a" is never run: it has neither health nor a watchdog',
  ]);
  const useful = sampleService('c', { on: shared, watchdog });
  assert.deepEqual(warnings([...idle, useful]), []);
});

describe('warnings about a graph', () => {
  for (const [law, services] of silent) {
    test(law, () => assert.deepEqual(graphWarnings(graphOf(services)), []));
  }

  const endless: readonly [condition: EdgeCondition, dependency: Partial<ServiceConfig>][] = [
    ['completed', { restart: always }],
    ['completed', { restart: { ...always, max: 0 } }],
    ['completed', { type: 'task', restart: always }],
    ['ready', { type: 'task', restart: always }],
    ['exited', { restart: { ...always, max: 0 } }],
    ['exited', { type: 'task', restart: { ...always, max: 0 } }],
  ];
  for (const [condition, dependency] of endless) {
    test(`an end that never comes: ${condition} of ${JSON.stringify(dependency)}`, () => {
      const services = [api(sampleEdge('db', { condition })), sampleService('db', dependency)];
      const warnings = graphWarnings(graphOf(services));
      assert.equal(warnings.length, 1);
      assert.match(warnings[0]?.message ?? '', /never completes$/);
    });
  }

  test('a service that is always restarted never completes', () => {
    const [warning] = graphWarnings(
      graphOf([api(sampleEdge('db', { condition: 'completed' })), sampleService('db', { restart: always })]),
    );
    assert.deepEqual(warning, {
      severity: 'warning',
      message: '"api" waits for "db" to complete, but "db" is always restarted and never completes',
      path: ['services', 'api', 'depends_on', 'db'],
      atKey: true,
      hint: 'Give "db" the restart policy on-failure or no.',
    });
  });

  test('a dependency without a readiness condition proves nothing', () => {
    const [warning] = graphWarnings(graphOf([api(sampleEdge('db')), sampleService('db')]));
    assert.equal(
      warning?.message,
      '"api" waits for "db" to be ready, but "db" has no readiness condition and counts as ready once it is spawned',
    );
  });

  test('what is restarted without limit takes nothing with it, since it never ends', () => {
    const ending = (restart: Partial<ServiceConfig['restart']>): ServiceConfig =>
      sampleService('web', { onEnd: 'shutdown', restart: { ...always, ...restart } });
    assert.deepEqual(graphWarnings(graphOf([ending({ max: 0 })])), [
      {
        severity: 'warning',
        message: '"on_end" of "web" has no effect: it is restarted without limit, and never ends by itself',
        path: ['services', 'web', 'on_end'],
        hint: 'Give "web" another restart policy, or `max` a limit.',
      },
    ]);
    for (const restart of [{ max: 3 }, { policy: 'no' }, { policy: 'on-failure', max: 0 }] as const)
      assert.deepEqual(graphWarnings(graphOf([ending(restart)])), []);
  });

  test('a profile has no effect on what a service without profiles needs', () => {
    const [warning] = graphWarnings(
      graphOf([api(sampleEdge('db')), sampleService('db', { ready, profiles: ['x'] })]),
    );
    assert.equal(warning?.message, 'The profiles of "db" have no effect: "api" has none and needs it');
    assert.deepEqual(warning?.path, ['services', 'db', 'profiles']);
  });

  const health = (onFailure: OnTrip) => ({
    condition: ready,
    intervalMs: 1000,
    timeoutMs: 1000,
    failures: 3,
    successes: 1,
    onFailure,
  });
  const never = { ...always, policy: 'no' } as const;

  test('who is never restarted is not by its health either', () => {
    const warnings = graphWarnings(
      graphOf([sampleService('db', { restart: never, health: health('restart') })]),
    );
    assert.deepEqual(
      warnings.map(({ message, path }) => [message, path.join('.')]),
      [
        [
          '"db" is never restarted: when its health fails it is stopped, and has failed for good',
          'services.db.health',
        ],
      ],
    );
  });

  test('what its health does without a restart is fine', () => {
    const db = (onFailure: OnTrip) => sampleService('db', { restart: never, health: health(onFailure) });
    assert.deepEqual(graphWarnings(graphOf([db('report')])), []);
    assert.deepEqual(graphWarnings(graphOf([db('shutdown')])), []);
    assert.deepEqual(graphWarnings(graphOf([{ ...db('restart'), restart: always }])), []);
  });
});
