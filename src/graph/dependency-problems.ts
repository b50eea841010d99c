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

// Finds cycles in a directed graph, so that all can be reported at once: the shortest first, then the shortest of
// what is left when its edges are taken away, and so on. No edge is in two of them, and none is missed that shares
// no edge with another one.
//
// It does not list every cycle there is: their number can be exponential, and a reader would drown. After so many it
// ends, and in a very large graph the shortest may be missed for a short one.

/** Each node and the nodes it points to; all of them are nodes. */
type Neighbours = ReadonlyMap<string, ReadonlySet<string>>;

const MOST_CYCLES = 50;
/** Edges that are gone along in search of one cycle, once one has been found. */
const MOST_STEPS = 200_000;

/** Cycles as lists of nodes, each beginning with its first node in the order given; empty if there is none. */
export function findCycles(neighbours: Neighbours): readonly (readonly string[])[] {
  const rank = new Map([...neighbours.keys()].map((node, at) => [node, at]));
  const rest = new Map([...neighbours].map(([node, targets]) => [node, new Set(targets)]));
  const cycles: string[][] = [];
  for (;;) {
    dropDeadEnds(rest);
    const cycle = shortestCycle(rest);
    if (cycle === undefined || cycles.length === MOST_CYCLES)
      return cycles.map((nodes) => startingAtFirst(nodes, rank));
    cycles.push(cycle);
    cycle.forEach((node, at) => {
      rest.get(node)?.delete(cycle[(at + 1) % cycle.length] ?? node);
    });
  }
}

/** Takes away, again and again, what points to nothing that is left: it is on no cycle. */
function dropDeadEnds(rest: Map<string, Set<string>>): void {
  const sources = new Map<string, string[]>();
  for (const [node, targets] of rest) {
    for (const target of targets) {
      const known = sources.get(target);
      if (known === undefined) sources.set(target, [node]);
      else known.push(node);
    }
  }
  const ends = [...rest.keys()].filter((node) => rest.get(node)?.size === 0);
  for (const end of ends) {
    rest.delete(end);
    for (const source of sources.get(end) ?? []) {
      const targets = rest.get(source);
      if (targets?.delete(end) && targets.size === 0) ends.push(source);
    }
  }
}

function shortestCycle(neighbours: Neighbours): string[] | undefined {
  let best: string[] | undefined;
  const steps = { left: MOST_STEPS };
  for (const start of neighbours.keys()) {
    // None is shorter than two, and a long search has found one that will do.
    if (best !== undefined && (best.length === 2 || steps.left <= 0)) break;
    const cycle = shortestWayBack(neighbours, start, steps);
    if (cycle !== undefined && (best === undefined || cycle.length < best.length)) best = cycle;
  }
  return best;
}

/** Breadth first from a node until it is met again. */
function shortestWayBack(
  neighbours: Neighbours,
  start: string,
  steps: { left: number },
): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const node of queue) {
    for (const target of neighbours.get(node) ?? []) {
      steps.left -= 1;
      if (target === start) return wayTo(node, start, cameFrom);
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, node);
      queue.push(target);
    }
  }
  return undefined;
}

function wayTo(node: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [node];
  for (let at = node; at !== start; ) {
    at = cameFrom.get(at) ?? start;
    way.push(at);
  }
  return way.reverse();
}

function startingAtFirst(cycle: readonly string[], rank: ReadonlyMap<string, number>): readonly string[] {
  const ranks = cycle.map((node) => rank.get(node) ?? 0);
  const first = ranks.indexOf(Math.min(...ranks));
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}
