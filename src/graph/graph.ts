/**
 * The services and their dependencies, in both directions, without unknown names and without cycles.
 *
 * Plain data behind four look-ups, in the order of the file. A name that isn't in it is a bug of the caller and
 * throws. It knows nothing of time or state.
 */
import type { Problem } from '../config/diagnostics/problem.ts';
import type { Config, Edge, ServiceConfig } from '../config/types.ts';
import { dependencyProblems, type Suggest } from './dependency-problems.ts';
import { replicaProblems, withReplicas } from './replicas.ts';

/** A service that depends on another one, and the edge by which it does. */
export interface Dependent {
  readonly service: string;
  readonly edge: Edge;
}

export interface Graph {
  /** In the order of the file. */
  readonly services: readonly string[];
  spec(name: string): ServiceConfig;
  /** What it waits for before it starts. */
  dependencies(name: string): readonly Edge[];
  /** What must be gone before it stops, in the order of the file. */
  dependents(name: string): readonly Dependent[];
}

export type GraphResult =
  | { readonly ok: true; readonly graph: Graph }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The graph of a configuration, or everything that is wrong with its dependencies at once. */
export function buildGraph(config: Pick<Config, 'services'>, suggest?: Suggest): GraphResult {
  const { services } = config;
  const problems = [...dependencyProblems(services, suggest), ...replicaProblems(services)];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, graph: graphOf(withReplicas(services)) };
}

/** The graph of services whose dependencies are known to be sound: each one among them, and no cycle. */
export function graphOf(services: readonly ServiceConfig[]): Graph {
  const specs = new Map(services.map((service) => [service.name, service]));
  const dependents = new Map<string, Dependent[]>(services.map((service) => [service.name, []]));
  for (const { name, dependsOn } of services) {
    for (const edge of dependsOn) known(dependents, edge.service).push({ service: name, edge });
  }
  return {
    services: [...specs.keys()],
    spec: (name) => known(specs, name),
    dependencies: (name) => known(specs, name).dependsOn,
    dependents: (name) => known(dependents, name),
  };
}

function known<Value>(byName: ReadonlyMap<string, Value>, name: string): Value {
  const value = byName.get(name);
  if (value === undefined) throw new Error(`"${name}" is not in the graph`);
  return value;
}

// Puts a graph into waves: what can start together once the wave before it is ready, and what can stop together
// once the wave before it is gone.
//
// For showing and for going through a graph in order. The engine doesn't walk waves: there each service waits for
// its own neighbours, so that a slow one delays nothing but its dependents.

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
