import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Graph, graphOf } from '../../../src/graph/graph.ts';
import { longestChain } from '../../../src/graph/longest-chain.ts';
import { assertProperty } from '../../support/assert-property.ts';
import { randomConfig } from '../../support/random-graph.ts';
import { sampleServices } from '../../support/sample-config.ts';

const diamond = graphOf(sampleServices({ web: ['api', 'mail'], api: ['db'], mail: ['db'], db: [], log: [] }));

function chainOf(graph: Graph, times: Record<string, number>) {
  const { lengthMs, chain } = longestChain(graph, (name) => times[name] ?? 0);
  return `${lengthMs}: ${chain.join(' ')}`;
}

/** Every way from each service down, one by one. */
function longestByTrying(graph: Graph, takesMs: (name: string) => number): number {
  const from = (name: string): number =>
    takesMs(name) + Math.max(0, ...graph.dependencies(name).map((edge) => from(edge.service)));
  return Math.max(0, ...graph.services.map(from));
}

describe('the longest chain', () => {
  const table: readonly [law: string, times: Record<string, number>, expected: string][] = [
    ['is empty when nothing takes time', {}, '0: '],
    ['takes the longer branch', { web: 1, api: 2, mail: 3, db: 4 }, '8: web mail db'],
    [
      'takes the first branch in the file when both are equal',
      { web: 1, api: 3, mail: 3, db: 4 },
      '8: web api db',
    ],
    ['can be a service alone', { web: 1, db: 1, log: 9 }, '9: log'],
    ['leaves out what takes no time', { web: 1, db: 4 }, '5: web db'],
  ];
  for (const [law, times, expected] of table) {
    test(law, () => assert.equal(chainOf(diamond, times), expected));
  }

  test('the tail of a service is the longest chain of what stops after it', () => {
    const { tailMs } = longestChain(diamond, (name) => name.length);
    assert.deepEqual(Object.fromEntries(tailMs), { web: 6, api: 2, mail: 2, db: 0, log: 0 });
  });

  test('is what trying every way finds', () => {
    assertProperty(
      fc.property(randomConfig({ maxServices: 8 }), (config) => {
        const graph = graphOf(config.services);
        const takesMs = (name: string) => graph.spec(name).stop.graceMs;
        const { lengthMs, chain } = longestChain(graph, takesMs);
        assert.equal(lengthMs, longestByTrying(graph, takesMs));
        assert.equal(
          chain.reduce((sum, name) => sum + takesMs(name), 0),
          lengthMs,
        );
      }),
    );
  });
});
