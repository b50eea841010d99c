/**
 * What a service waits for, from how it is written; what follows the loss of it, where it can be lost. Pure.
 */
import { type Problem, problemAt } from '../diagnostics/problem.ts';
import type { GivenEdge } from '../schema/edge.ts';
import type { Edge } from '../types.ts';

/** What edges depend on outside of their own entry, and where what is wrong with them goes. */
interface Around {
  readonly typeOf: (service: string) => 'service' | 'task' | undefined;
  readonly problems: Problem[];
}

/** In the order of the file. */
export function resolveEdges(
  dependent: string,
  given: ReadonlyMap<string, GivenEdge> | undefined,
  { typeOf, problems }: Around,
): readonly Edge[] {
  const edges: Edge[] = [];
  for (const [service, written] of given ?? []) {
    const condition = written.condition ?? (typeOf(service) === 'task' ? 'completed' : 'ready');
    const edge: Edge = {
      service,
      condition,
      optional: written.optional ?? false,
      timeoutMs: written.timeout ?? undefined,
      ...resolveOnLoss(written),
    };
    edges.push(edge);
    const problem = lastingLoss(dependent, edge);
    if (problem !== undefined) problems.push(problem);
  }
  return edges;
}

/** Empty where nothing happens. */
function resolveOnLoss({ on_loss: act, after }: GivenEdge): Pick<Edge, 'onLoss'> {
  return act === 'restart' || act === 'stop' ? { onLoss: { act, afterMs: after ?? 0 } } : {};
}

/** What is wrong with reacting to the loss of what has ended and can't be lost; undefined: nothing. */
function lastingLoss(dependent: string, edge: Edge): Problem | undefined {
  const { service, condition, onLoss } = edge;
  if (onLoss === undefined || condition === 'started' || condition === 'ready') return undefined;
  return problemAt(
    ['services', dependent, 'depends_on', service, 'on_loss'],
    `"on_loss: ${onLoss.act}" of service "${dependent}" cannot follow: it waits until "${service}" has ${condition}, and what has ${condition} can't be lost`,
    'Remove "on_loss", or wait for something that can be lost: condition: ready',
  );
}
