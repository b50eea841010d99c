/**
 * Services that there are several of: `web` with two replicas is `web-1` and `web-2`, and an edge to `web` is one to each of them.
 * Pure.
 *
 * Numbers begin at 1 and have no gaps, since names, ports and folders hang on them: more take the next ones, fewer give the highest
 * up. How many there are is in the definition until somebody says otherwise by hand.
 */
import type { Problem } from '../config/diagnostics/problem.ts';
import type { Edge, ServiceConfig } from '../config/types.ts';

/** How many replicas of which service, in place of what its definition says. */
export type ReplicaCounts = ReadonlyMap<string, number>;

/** Each replica as a service of its own; the very same list if there are none. */
export function withReplicas(
  services: readonly ServiceConfig[],
  byHand: ReplicaCounts = new Map(),
): readonly ServiceConfig[] {
  if (services.every(({ replicas }) => replicas === undefined)) return services;
  const counts = new Map(
    services.flatMap(({ name, replicas }) =>
      replicas === undefined ? [] : [[name, byHand.get(name) ?? replicas] as const],
    ),
  );
  return services.flatMap((spec) => {
    const one = withEdgesToEach(spec, counts);
    const count = counts.get(spec.name);
    if (count === undefined) return [one];
    return replicaNames(spec.name, count).map((name) => ({ ...one, name, replicaOf: spec.name }));
  });
}

export function replicaNames(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `${name}-${at + 1}`);
}

function withEdgesToEach(spec: ServiceConfig, counts: ReplicaCounts): ServiceConfig {
  if (!spec.dependsOn.some(({ service }) => counts.has(service))) return spec;
  const missing = spec.dependsOn.filter(({ service, optional }) => !optional && counts.get(service) === 0);
  const dependsOn = spec.dependsOn.flatMap((edge): readonly Edge[] => {
    const count = counts.get(edge.service);
    if (count === undefined) return [edge];
    const group = { name: edge.service, needs: edge.needs ?? 'all' };
    return replicaNames(edge.service, count).map((service) => ({ ...edge, service, group }));
  });
  const without = missing.map(({ service }) => service);
  return { ...spec, dependsOn, ...(without.length > 0 && { without }) };
}

/** Services whose names replicas of others have, or may come to have. */
export function replicaProblems(services: readonly ServiceConfig[]): readonly Problem[] {
  const groups = services.flatMap(({ name, replicas }) => (replicas === undefined ? [] : [name]));
  return services.flatMap(({ name }) =>
    groups
      .filter((group) => name.startsWith(`${group}-`) && /^[1-9]\d*$/.test(name.slice(group.length + 1)))
      .map((group) => ({
        severity: 'error' as const,
        path: ['services', name],
        message: `"${name}" is the name of a replica of "${group}"`,
        hint: 'Give one of them another name.',
      })),
  );
}
