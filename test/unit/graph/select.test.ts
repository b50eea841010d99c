import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Graph, graphOf } from '../../../src/graph/graph.ts';
import { selectServices } from '../../../src/graph/select.ts';
import { assertProperty } from '../../support/assert-property.ts';
import { randomConfig } from '../../support/random-graph.ts';
import { sampleEdge, sampleService } from '../../support/sample-config.ts';

const shop = graphOf([
  sampleService('api', { dependsOn: [sampleEdge('db'), sampleEdge('cache', { optional: true })] }),
  sampleService('db'),
  sampleService('cache'),
  sampleService('trace', { profiles: ['debug'], dependsOn: [sampleEdge('store')] }),
  sampleService('store', { profiles: ['storage'] }),
  sampleService('shell', { profiles: ['debug'], dependsOn: [sampleEdge('api')] }),
  sampleService('metrics', { dependsOn: [sampleEdge('trace', { optional: true }), sampleEdge('db')] }),
]);

function selected(graph: Graph, names: string[], profiles: string[] = []): readonly string[] {
  const result = selectServices(graph, { names, profiles });
  assert.ok(result.ok);
  return result.graph.services;
}

const table: readonly [law: string, names: string[], profiles: string[], services: string[]][] = [
  ['with no name all start that have no profile', [], [], ['api', 'db', 'cache', 'metrics']],
  [
    'a chosen profile adds its services and what they need, whatever the profiles of that',
    [],
    ['debug'],
    ['api', 'db', 'cache', 'trace', 'store', 'shell', 'metrics'],
  ],
  ['a profile alone adds only its own', [], ['storage'], ['api', 'db', 'cache', 'store', 'metrics']],
  ['the profile * is all profiles', [], ['*'], [...shop.services]],
  ['a named service starts with what it needs', ['metrics'], [], ['db', 'metrics']],
  ['an enabled optional dependency comes along', ['api'], [], ['api', 'db', 'cache']],
  ['an optional dependency switches no profile on', ['metrics'], [], ['db', 'metrics']],
  [
    'an optional dependency of a chosen profile comes along',
    ['metrics'],
    ['debug'],
    ['db', 'trace', 'store', 'metrics'],
  ],
  ['naming a service chooses it, whatever its profiles', ['trace'], [], ['trace', 'store']],
  ['a chosen profile adds nothing to named services', ['db'], ['debug'], ['db']],
  ['a name given twice counts once', ['db', 'db'], [], ['db']],
];

describe('selection', () => {
  for (const [law, names, profiles, services] of table) {
    test(law, () => assert.deepEqual(selected(shop, names, profiles), services));
  }

  test('the edge to an optional dependency that takes no part is dropped, in the graph and in the service', () => {
    const result = selectServices(shop, { names: ['metrics'], profiles: [] });
    assert.ok(result.ok);
    assert.deepEqual(
      result.graph.dependencies('metrics').map((edge) => edge.service),
      ['db'],
    );
    assert.deepEqual(result.graph.spec('metrics').dependsOn, result.graph.dependencies('metrics'));
  });

  test('unknown names and profiles are reported at once, with the nearest one or all', () => {
    const suggest = (word: string) => (word === 'dbb' ? 'db' : undefined);
    const result = selectServices(shop, { names: ['dbb', 'api'], profiles: ['prod'] }, suggest);
    assert.deepEqual(result, {
      ok: false,
      problems: [
        {
          severity: 'error',
          message: 'Cannot start "dbb": there is no service of that name',
          path: [],
          hint: 'Did you mean "db"?',
        },
        {
          severity: 'error',
          message: 'Cannot choose the profile "prod": no service has it',
          path: [],
          hint: 'Known are "debug", "storage".',
        },
      ],
    });
  });

  test('when profiles hold everything back, the problem names them', () => {
    const graph = graphOf([sampleService('a', { profiles: ['x'] }), sampleService('b', { profiles: ['y'] })]);
    const result = selectServices(graph, { names: [], profiles: [] });
    assert.ok(!result.ok);
    assert.deepEqual(
      result.problems.map(({ message, hint }) => [message, hint]),
      [
        [
          'Nothing to start: every service belongs to a profile, and none is chosen',
          'Choose one with --profile: "x", "y".',
        ],
      ],
    );
  });

  test('what is named starts with everything that its edges lead to, and nothing else', () => {
    assertProperty(
      fc.property(randomConfig(), fc.nat(), (config, pick) => {
        const graph = graphOf(config.services);
        const name = graph.services[pick % graph.services.length]!;
        const services = new Set(selected(graph, [name]));
        for (const service of services) {
          for (const edge of graph.dependencies(service)) assert.ok(services.has(edge.service));
          const dependents = graph.dependents(service);
          assert.ok(service === name || dependents.some((dependent) => services.has(dependent.service)));
        }
      }),
    );
  });
});
