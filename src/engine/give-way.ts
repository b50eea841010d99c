/**
 * An instance gives way once something that it relies on is lost, for longer than it may be: it counts as lost itself
 * from that moment, waits for those that rely on it to give way first, and ends.
 *
 * A task of the instance's own group, there only if an edge of it reacts. In a shutdown it has nothing to say: that stops
 * everything anyway, in order.
 */
import { moveOnAt, now } from '../concurrency/index.ts';
import type { Ending } from './ending.ts';
import { loseInstance, reliersGone } from './lose-instance.ts';
import { followAll, judgeLosses, type Loss } from './reliance.ts';
import type { Run } from './run.ts';
import type { ServiceNode } from './service-node.ts';

/** Resolves when it is its turn to stop; undefined: a shutdown has begun, and decides that from now on. */
export async function giveWay(
  run: Run,
  node: ServiceNode,
): Promise<(Ending & { readonly kind: 'lost' }) | undefined> {
  const loss = await awaitLoss(run, node);
  if (loss === undefined) return undefined;
  node.givesWay = loss;
  loseInstance(node, loss.reason);
  await node.pulse.until(() => isGoingDown(run) || reliersGone(node));
  return isGoingDown(run) ? undefined : { kind: 'lost', reason: loss.reason };
}

async function awaitLoss(run: Run, node: ServiceNode): Promise<Loss | undefined> {
  const follow = () => followAll(node.reliances, (service) => run.nodes.get(service)!, now());
  while (!isGoingDown(run)) {
    node.reliances = follow();
    const verdict = judgeLosses(node.reliances, now());
    if (verdict.kind === 'lost') return verdict.loss;
    const changed = () => isGoingDown(run) || follow() !== node.reliances;
    await moveOnAt(verdict.untilMs, () => node.pulse.until(changed));
  }
  return undefined;
}

function isGoingDown({ shutdown }: Run): boolean {
  return shutdown.cause !== undefined;
}
