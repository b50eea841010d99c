/**
 * Puts a graph into waves: what can start together once the wave before it is ready, and what can stop together
 * once the wave before it is gone.
 *
 * For showing and for going through a graph in order. The engine doesn't walk waves: there each service waits for
 * its own neighbours, so that a slow one delays nothing but its dependents.
 */
import type { Graph } from './graph.ts';

type Waves = readonly (readonly string[])[];
type NeighboursOf = (name: string) => readonly string[];

/** Each service is in the first wave after all of its dependencies; within a wave the order of the file. */
export function startWaves(graph: Graph): Waves {
  return waves(graph.services, dependenciesOf(graph), dependentsOf(graph));
}

/** Each service is in the first wave after all of its dependents; within a wave the order of the file. */
export function stopWaves(graph: Graph): Waves {
  return waves(graph.services, dependentsOf(graph), dependenciesOf(graph));
}

function dependenciesOf(graph: Graph): NeighboursOf {
  return (name) => graph.dependencies(name).map((edge) => edge.service);
}

function dependentsOf(graph: Graph): NeighboursOf {
  return (name) => graph.dependents(name).map((dependent) => dependent.service);
}

/** Kahn's algorithm, level by level. */
function waves(services: readonly string[], before: NeighboursOf, after: NeighboursOf): Waves {
  const waitsFor = new Map(services.map((name) => [name, before(name).length]));
  const rank = new Map(services.map((name, at) => [name, at]));
  const result: string[][] = [];
  let wave = services.filter((name) => waitsFor.get(name) === 0);
  while (wave.length > 0) {
    result.push(wave);
    const next: string[] = [];
    for (const name of wave.flatMap(after)) {
      const left = (waitsFor.get(name) ?? 0) - 1;
      waitsFor.set(name, left);
      if (left === 0) next.push(name);
    }
    wave = next.sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
  }
  return result;
}
