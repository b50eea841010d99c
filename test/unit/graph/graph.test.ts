import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildGraph, graphOf } from '../../../src/graph/graph.ts';
import { sampleConfig, sampleServices } from '../../support/sample-config.ts';

function problemsOf(dependencies: Record<string, string[]>, suggest?: (word: string) => string | undefined) {
  const result = buildGraph(sampleConfig(sampleServices(dependencies)), suggest);
  return result.ok ? [] : result.problems;
}

describe('a graph', () => {
  const graph = graphOf(sampleServices({ web: ['api'], api: ['db', 'cache'], db: [], cache: ['db'] }));

  test('keeps the order of the file', () => {
    assert.deepEqual(graph.services, ['web', 'api', 'db', 'cache']);
  });

  test('knows both directions of an edge', () => {
    assert.deepEqual(
      graph.dependencies('api').map((edge) => edge.service),
      ['db', 'cache'],
    );
    assert.deepEqual(
      graph.dependents('db').map(({ service, edge }) => `${service} needs ${edge.service}`),
      ['api needs db', 'cache needs db'],
    );
  });

  test('throws when asked for what is not in it', () => {
    assert.throws(() => graph.spec('nobody'), /"nobody" is not in the graph/);
    assert.throws(() => graph.dependents('nobody'), /"nobody" is not in the graph/);
  });
});

describe('building a graph', () => {
  test('a sound configuration has no problem, whatever the order of the file', () => {
    assert.equal(buildGraph(sampleConfig(sampleServices({ api: ['db'], db: [] }))).ok, true);
    assert.equal(buildGraph(sampleConfig([])).ok, true);
  });

  test('an unknown dependency names the nearest service, at the edge', () => {
    assert.deepEqual(
      problemsOf({ api: ['dbb'], db: [] }, (word) => (word === 'dbb' ? 'db' : undefined)),
      [
        {
          severity: 'error',
          message: '"api" cannot depend on "dbb": there is no service of that name',
          path: ['services', 'api', 'depends_on', 'dbb'],
          atKey: true,
          hint: 'Did you mean "db"?',
        },
      ],
    );
  });

  test('an unknown dependency with no near name has no hint', () => {
    const [problem] = problemsOf({ api: ['x'] }, () => undefined);
    assert.equal(problem !== undefined && 'hint' in problem, false);
  });

  test('a service cannot depend on itself', () => {
    assert.deepEqual(
      problemsOf({ api: ['api'] }).map(({ message, path }) => ({ message, path })),
      [{ message: '"api" cannot depend on itself', path: ['services', 'api', 'depends_on', 'api'] }],
    );
  });

  test('a cycle is shown as a trail with the place of each edge', () => {
    assert.deepEqual(problemsOf({ z: ['b'], b: ['c'], c: ['a'], a: ['b'] }), [
      {
        severity: 'error',
        message: 'These services wait for each other: b -> c -> a -> b',
        path: ['services', 'b', 'depends_on', 'c'],
        atKey: true,
        hint: 'Remove one of these dependencies.',
        trail: [
          { path: ['services', 'b', 'depends_on', 'c'], message: '"b" depends on "c"' },
          { path: ['services', 'c', 'depends_on', 'a'], message: '"c" depends on "a"' },
          { path: ['services', 'a', 'depends_on', 'b'], message: '"a" depends on "b"' },
        ],
      },
    ]);
  });

  test('G10 all problems come at once', () => {
    assert.deepEqual(
      problemsOf({ a: ['b', 'nope'], b: ['a'], c: ['c', 'd'], d: ['e'], e: ['c'] }).map(
        (problem) => problem.message,
      ),
      [
        '"a" cannot depend on "nope": there is no service of that name',
        '"c" cannot depend on itself',
        'These services wait for each other: a -> b -> a',
        'These services wait for each other: c -> d -> e -> c',
      ],
    );
  });
});
