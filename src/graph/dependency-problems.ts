/**
 * Says everything that is wrong with the dependencies of a configuration: unknown names, a service that depends
 * on itself, cycles.
 *
 * The path of an edge is `['services', dependent, 'depends_on', dependency]`, with the name as its last element:
 * the configuration no longer tells whether the document has a list or a map there. What looks up the place
 * finds the key of a map, or the item of a list that is that name.
 */
import type { ConfigPath, Problem } from '../config/diagnostics/problem.ts';
import type { ServiceConfig } from '../config/types.ts';
import { findCycles } from './cycles.ts';

/** The candidate nearest to a misspelt word, if one is near enough. */
export type Suggest = (word: string, candidates: readonly string[]) => string | undefined;

const MOST_HINTS = 100;

/** All problems, in the order of the file, cycles last. Each cycle comes once, with the place of each edge. */
export function dependencyProblems(
  services: readonly Pick<ServiceConfig, 'name' | 'dependsOn'>[],
  suggest?: Suggest,
): readonly Problem[] {
  const names = services.map((service) => service.name);
  const known = new Set(names);
  let asked = 0;
  const edgeProblems = services.flatMap(({ name, dependsOn }) =>
    dependsOn
      .filter((edge) => edge.service === name || !known.has(edge.service))
      .map((edge) => (edge.service === name ? selfDependency(name) : unknown(name, edge.service))),
  );
  return [...edgeProblems, ...findCycles(neighbours(services, known)).map(cycle)];

  function unknown(dependent: string, word: string): Problem {
    // Each is compared with all names: a hint for each of thousands would take minutes.
    asked += 1;
    const near = asked > MOST_HINTS ? undefined : suggest?.(word, names);
    return {
      ...edgeError(
        dependent,
        word,
        `"${dependent}" cannot depend on "${word}": there is no service of that name`,
      ),
      ...(near !== undefined && { hint: `Did you mean "${near}"?` }),
    };
  }
}

/** Where an edge is in the document; see the head of this file. */
export function edgePath(dependent: string, dependency: string): ConfigPath {
  return ['services', dependent, 'depends_on', dependency];
}

function selfDependency(name: string): Problem {
  return edgeError(name, name, `"${name}" cannot depend on itself`);
}

function cycle(services: readonly string[]): Problem {
  const edges = services.map((from, at) => ({ from, to: services[(at + 1) % services.length] ?? from }));
  const [first = '', second = ''] = services;
  return {
    ...edgeError(first, second, `These services wait for each other: ${[...services, first].join(' -> ')}`),
    hint: 'Remove one of these dependencies.',
    trail: edges.map(({ from, to }) => ({
      path: edgePath(from, to),
      message: `"${from}" depends on "${to}"`,
    })),
  };
}

function edgeError(dependent: string, dependency: string, message: string): Problem {
  return { severity: 'error', message, path: edgePath(dependent, dependency), atKey: true };
}

function neighbours(
  services: readonly Pick<ServiceConfig, 'name' | 'dependsOn'>[],
  known: ReadonlySet<string>,
) {
  return new Map(
    services.map(({ name, dependsOn }) => [
      name,
      new Set(dependsOn.map((edge) => edge.service).filter((to) => to !== name && known.has(to))),
    ]),
  );
}
