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
