import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Graph, graphOf, startWaves, stopWaves } from '../../../src/graph/graph.ts';
import { assertProperty } from '../../support/assert-property.ts';
import { randomConfig } from '../../support/random-graph.ts';
import { sampleServices } from '../../support/sample-config.ts';

const table: readonly [
  law: string,
  dependencies: Record<string, string[]>,
  start: string[][],
  stop: string[][],
][] = [
  ['nothing has no wave', {}, [], []],
  [
    'what is independent is in one wave, in the order of the file',
    { b: [], a: [] },
    [['b', 'a']],
    [['b', 'a']],
  ],
  [
    'a chain has a wave for each',
    { c: ['b'], b: ['a'], a: [] },
    [['a'], ['b'], ['c']],
    [['c'], ['b'], ['a']],
  ],
  [
    'a service is in the wave after its last neighbour, not its first',
    { web: ['api', 'db'], api: ['db'], db: [], mail: [] },
    [['db', 'mail'], ['api'], ['web']],
    [['web', 'mail'], ['api'], ['db']],
  ],
];

function waveOf(waves: readonly (readonly string[])[]): (name: string) => number {
  return (name) => waves.findIndex((wave) => wave.includes(name));
}

function assertPartition(waves: readonly (readonly string[])[], graph: Graph): void {
  assert.deepEqual(waves.flat().toSorted(), graph.services.toSorted());
  for (const wave of waves) {
    assert.deepEqual(
      wave,
      graph.services.filter((name) => wave.includes(name)),
      'the order of the file',
    );
  }
}

describe('waves', () => {
  for (const [law, dependencies, start, stop] of table) {
    test(law, () => {
      const graph = graphOf(sampleServices(dependencies));
      assert.deepEqual(startWaves(graph), start);
      assert.deepEqual(stopWaves(graph), stop);
    });
  }

  test('every service starts right after the last of its dependencies', () => {
    assertProperty(
      fc.property(randomConfig(), (config) => {
        const graph = graphOf(config.services);
        const waves = startWaves(graph);
        const wave = waveOf(waves);
        assertPartition(waves, graph);
        for (const name of graph.services) {
          const before = graph.dependencies(name).map((edge) => wave(edge.service));
          assert.equal(wave(name), 1 + Math.max(-1, ...before));
        }
      }),
    );
  });

  test('G2 no service stops before all of its dependents, and none later than right after the last', () => {
    assertProperty(
      fc.property(randomConfig(), (config) => {
        const graph = graphOf(config.services);
        const waves = stopWaves(graph);
        const wave = waveOf(waves);
        assertPartition(waves, graph);
        for (const name of graph.services) {
          const before = graph.dependents(name).map(({ service }) => wave(service));
          assert.equal(wave(name), 1 + Math.max(-1, ...before));
        }
      }),
    );
  });
});
