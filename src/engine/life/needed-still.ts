/**
 * Who still needs a service that has ended by itself, with success: for them it is lost. Pure but for reading nodes.
 *
 * A task is there to end. So is a service for whoever only waits for its end, or can do without it.
 */
import type { Run } from '../run/run.ts';
import type { ServiceNode } from '../service/node.ts';

export interface NeededStill {
  readonly needed_by: readonly string[];
  readonly advice?: string;
}

/** Fields of its last event; none where nobody needs it, or where everything goes down. */
export function neededStill(run: Run, node: ServiceNode): NeededStill | object {
  if (node.isTask || run.shutdown.cause !== undefined || run.options.exitCodeFrom === node.name) return {};
  const by = run.plan.graph
    .dependents(node.name)
    .filter(({ edge }) => !edge.optional && (edge.condition === 'ready' || edge.condition === 'started'))
    .map(({ service }) => service)
    .filter((service) => {
      const dependent = run.nodes.get(service);
      return dependent !== undefined && !dependent.isAtRest && dependent.stopReason === undefined;
    });
  if (by.length === 0) return {};
  // What went to the background would do so again.
  if (node.inBackground === node.attempt) return { needed_by: by };
  return { needed_by: by, advice: '"restart: always" would start it again' };
}
