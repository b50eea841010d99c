import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { findCycles } from '../../../src/graph/dependency-problems.ts';
import { assertProperty } from '../../support/assert-property.ts';

function trails(edges: Record<string, string[]>): string[] {
  const cycles = findCycles(new Map(Object.entries(edges).map(([from, to]) => [from, new Set(to)])));
  return cycles.map((cycle) => cycle.join(' '));
}

const table: readonly [law: string, edges: Record<string, string[]>, cycles: string[]][] = [
  ['nothing has no cycle', {}, []],
  ['a diamond has no cycle', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
  ['a cycle is found behind what leads to it', { x: ['a'], a: ['b'], b: ['a'] }, ['a b']],
  ['a cycle begins with its first node', { z: [], c: ['a'], b: ['c'], a: ['b'] }, ['c a b']],
  ['a cycle is shown in its shortest form', { a: ['b', 'c'], b: ['c'], c: ['a'] }, ['a c']],
  ['independent cycles are reported once each', { a: ['b'], b: ['a'], c: ['d'], d: ['c'] }, ['a b', 'c d']],
  ['cycles that share a node are both reported', { a: ['b'], b: ['a', 'c'], c: ['b'] }, ['a b', 'b c']],
  [
    'a short cycle comes before a long one',
    { a: ['b'], b: ['c'], c: ['a'], d: ['e'], e: ['d'] },
    ['d e', 'a b c'],
  ],
];

describe('cycles', () => {
  for (const [law, edges, cycles] of table) {
    test(law, () => assert.deepEqual(trails(edges), cycles));
  }

  const randomEdges = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 20 }).map((pairs) => {
    const neighbours = new Map(Array.from({ length: 8 }, (_, node) => [`n${node}`, new Set<string>()]));
    for (const [from, to] of pairs) if (from !== to) neighbours.get(`n${from}`)?.add(`n${to}`);
    return neighbours;
  });

  test('every cycle found is one, no edge is in two, and without their edges there is none', () => {
    assertProperty(
      fc.property(randomEdges, (neighbours) => {
        const rest = new Map([...neighbours].map(([node, targets]) => [node, new Set(targets)]));
        for (const cycle of findCycles(neighbours)) {
          assert.equal(new Set(cycle).size, cycle.length);
          cycle.forEach((node, at) => {
            assert.ok(
              rest.get(node)?.delete(cycle[(at + 1) % cycle.length]!),
              'an edge, not yet in another cycle',
            );
          });
        }
        assert.ok(isAcyclic(rest));
      }),
    );
  });
});

/** By taking away what points to nothing until nothing changes. */
function isAcyclic(neighbours: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const settled = new Set<string>();
  for (let before = -1; before !== settled.size; ) {
    before = settled.size;
    for (const [node, targets] of neighbours) {
      if ([...targets].every((target) => settled.has(target))) settled.add(node);
    }
  }
  return settled.size === neighbours.size;
}
