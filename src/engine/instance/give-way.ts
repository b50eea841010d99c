/**
 * An instance gives way once something that it relies on is lost, for longer than it may be: it counts as lost itself
 * from that moment, waits for those that rely on it to give way first, and ends.
 *
 * A task of the instance's own group, there only if an edge of it reacts. Once the service has been told to stop it has
 * nothing to say: that happens in its order.
 */
import { moveOnAt, now } from '../../concurrency/index.ts';
import type { Run } from '../run/run.ts';
import { followAll, judgeLosses, type Loss } from '../service/binding.ts';
import { boundGone, loseInstance } from '../service/dependents.ts';
import type { ServiceNode } from '../service/node.ts';

/**
 * Resolves with the reason when it is its turn to stop. While it has been told to stop, for whatever reason, it says
 * nothing; undefined: it has ended, which aborts `signal`.
 */
export async function giveWay(run: Run, node: ServiceNode, signal: AbortSignal): Promise<string | undefined> {
  const loss = await awaitLoss(run, node);
  if (signal.aborted) return undefined;
  giveWayTo(node, loss);
  await node.pulse.until(() => node.leaving === undefined && boundGone(node));
  return loss.reason;
}

/** From now on it is lost itself. */
export function giveWayTo(node: ServiceNode, loss: Loss): void {
  if (node.instance !== undefined) node.instance.givesWay = loss;
  loseInstance(node, loss.reason);
}

async function awaitLoss(run: Run, node: ServiceNode): Promise<Loss> {
  const follow = () => followAll(node.bindings, (service) => run.nodes.get(service)!, now());
  for (;;) {
    await node.pulse.until(() => node.leaving === undefined);
    node.bindings = follow();
    const verdict = judgeLosses(node.bindings, now());
    if (verdict.kind === 'lost') return verdict.loss;
    const changed = () => node.leaving !== undefined || follow() !== node.bindings;
    await moveOnAt(verdict.untilMs, () => node.pulse.until(changed));
  }
}
