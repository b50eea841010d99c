/**
 * What depends on a service, directly or through others, as a configuration says it.
 */
import type { Edge, ServiceConfig } from '../../src/config/types.ts';

/** The names of those that are led to it by edges that count. */
export function dependentsOf(
  services: Iterable<ServiceConfig>,
  on: string,
  counts: (edge: Edge) => boolean,
): readonly string[] {
  const direct = new Map<string, string[]>();
  for (const { name, dependsOn } of services) {
    for (const edge of dependsOn.filter(counts)) {
      const known = direct.get(edge.service);
      if (known === undefined) direct.set(edge.service, [name]);
      else known.push(name);
    }
  }
  const found = new Set(direct.get(on));
  // A set gives its iterator what is added meanwhile.
  for (const name of found) for (const dependent of direct.get(name) ?? []) found.add(dependent);
  return [...found];
}
