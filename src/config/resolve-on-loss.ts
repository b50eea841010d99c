/**
 * What a service does when a dependency is lost, from how it is written; and where nothing can be lost. Pure.
 */
import type { Problem } from './problem.ts';
import type { GivenEdge } from './schema-edge.ts';
import type { Edge } from './types.ts';

/** Empty where nothing happens. */
export function resolveOnLoss({ on_loss: act, after }: GivenEdge): Pick<Edge, 'onLoss'> {
  return act === 'restart' || act === 'stop' ? { onLoss: { act, afterMs: after ?? 0 } } : {};
}

/** What is wrong with reacting to the loss of what has ended and can't be lost; undefined: nothing. */
export function lastingLoss(dependent: string, edge: Edge): Problem | undefined {
  const { service, condition, onLoss } = edge;
  if (onLoss === undefined || condition === 'started' || condition === 'ready') return undefined;
  return {
    severity: 'error',
    message: `"on_loss: ${onLoss.act}" of service "${dependent}" cannot follow: it waits until "${service}" has ${condition}, and what has ${condition} can't be lost`,
    path: ['services', dependent, 'depends_on', service, 'on_loss'],
    hint: 'Remove "on_loss", or wait for something that can be lost: condition: ready',
  };
}
