/**
 * Finds cycles in a directed graph, so that all can be reported at once: the shortest first, then the shortest of
 * what is left when its edges are taken away, and so on. No edge is in two of them, and none is missed that shares
 * no edge with another one.
 *
 * It does not list every cycle there is: their number can be exponential, and a reader would drown.
 */

/** Each node and the nodes it points to; all of them are nodes. */
export type Neighbours = ReadonlyMap<string, ReadonlySet<string>>;

/** Cycles as lists of nodes, each beginning with its first node in the order given; empty if there is none. */
export function findCycles(neighbours: Neighbours): readonly (readonly string[])[] {
  const rank = new Map([...neighbours.keys()].map((node, at) => [node, at]));
  const rest = new Map([...neighbours].map(([node, targets]) => [node, new Set(targets)]));
  const cycles: string[][] = [];
  for (;;) {
    dropDeadEnds(rest);
    const cycle = shortestCycle(rest);
    if (cycle === undefined) return cycles.map((nodes) => startingAtFirst(nodes, rank));
    cycles.push(cycle);
    cycle.forEach((node, at) => {
      rest.get(node)?.delete(cycle[(at + 1) % cycle.length] ?? node);
    });
  }
}

/** Takes away, again and again, what points to nothing that is left: it is on no cycle. */
function dropDeadEnds(rest: Map<string, Set<string>>): void {
  for (let before = -1; before !== rest.size; ) {
    before = rest.size;
    for (const [node, targets] of rest) {
      for (const target of targets) if (!rest.has(target)) targets.delete(target);
      if (targets.size === 0) rest.delete(node);
    }
  }
}

function shortestCycle(neighbours: Neighbours): string[] | undefined {
  let best: string[] | undefined;
  for (const start of neighbours.keys()) {
    const cycle = shortestWayBack(neighbours, start);
    if (cycle !== undefined && (best === undefined || cycle.length < best.length)) best = cycle;
  }
  return best;
}

/** Breadth first from a node until it is met again. */
function shortestWayBack(neighbours: Neighbours, start: string): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const node of queue) {
    for (const target of neighbours.get(node) ?? []) {
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
    way.unshift(at);
  }
  return way;
}

function startingAtFirst(cycle: readonly string[], rank: ReadonlyMap<string, number>): readonly string[] {
  const ranks = cycle.map((node) => rank.get(node) ?? 0);
  const first = ranks.indexOf(Math.min(...ranks));
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}
