/**
 * Values that an instance was started with and that are no longer true: the service that reported them has been
 * restarted and reports others. What runs on with the old ones is told, with what helps.
 */
import type { Fill } from '../../conditions/probe/probe.ts';
import { references, referenceText } from '../../config/variables/template.ts';
import { reportedValue } from '../../events/fact-shape.ts';
import type { Run } from '../run/run.ts';
import type { ServiceNode } from '../service/node.ts';
import type { UsedValue } from '../service/phase.ts';

/** Fills in as `fill` does, and leaves in `used` what was filled in. */
export function rememberUsed(fill: Fill, used: UsedValue[]): Fill {
  return (template, asNumber) => {
    for (const { service, value } of references(template)) {
      used.push({ service, value, text: fill([{ service, value }]) });
    }
    return fill(template, asNumber);
  };
}

/** `node` has become ready again. */
export function tellStale(run: Run, node: ServiceNode): void {
  for (const user of run.nodes.values()) {
    if (user.instance === undefined || user.givesWay !== undefined || user.leaving !== undefined) continue;
    const stale = user.instance.used.find(
      ({ service, value, text }) => service === node.name && reportedValue(node.values, value) !== text,
    );
    if (stale === undefined) continue;
    const now = reportedValue(node.values, stale.value);
    const change = now === undefined ? 'no longer reports' : `has changed to "${now}"`;
    run.announce({
      type: 'service.note',
      service: user.name,
      attempt: user.attempt,
      text: `still uses "${stale.text}" for ${referenceText(stale)}, which "${node.name}" ${change}: ${remedy(user, node)}`,
    });
  }
}

function remedy(user: ServiceNode, node: ServiceNode): string {
  const edge = user.spec.dependsOn.find(({ service }) => service === node.name);
  if (edge === undefined) return `make it depend on "${node.name}" with on_loss: restart`;
  if (edge.onLoss === undefined) return `give its dependency on "${node.name}" on_loss: restart`;
  return `take "after" away from its dependency on "${node.name}"`;
}
