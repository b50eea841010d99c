/**
 * Replicas that are replaced one after the other, so that at every moment all but a few of them are ready.
 *
 * A task of the run's own group. It ends when all have had their turn, when one has failed for good, those after it keeping their
 * instances, or when the run goes down. What somebody stops or removes meanwhile leaves it.
 */
import { moveOnAfter } from '../../concurrency/index.ts';
import type { Roll } from '../requests/requests.ts';
import type { Run } from '../run/run.ts';
import type { ServiceNode } from '../service/node.ts';

export async function rollThrough(run: Run, { members, parallel, settleMs, replace }: Roll): Promise<void> {
  const before = new Map(members.map((node) => [node, node.attempt]));
  const isNew = (node: ServiceNode): boolean => node.attempt > before.get(node)!;
  const isOver = (): boolean =>
    run.shutdown.cause !== undefined || members.some((node) => isNew(node) && node.isNever);
  // Those that are not ready have nothing to lose.
  const line = [...members.filter((node) => !isUp(node)), ...members.filter(isUp)];
  for (const node of line) {
    const mayGo = (): boolean => isReadyBut(members, node, parallel);
    do await run.changed.until(() => isOver() || mayGo());
    while (!isOver() && node !== line[0] && !(await holds(run, settleMs, () => isOver() || mayGo())));
    if (isOver()) return;
    if (!node.isRemoved && node.isWantedUp && !isNew(node)) replace(node);
  }
}

/** All but fewer than so many of the others that are wanted are ready; what has failed for good is not waited for. */
function isReadyBut(members: readonly ServiceNode[], next: ServiceNode, parallel: number): boolean {
  const missing = members.filter((one) => one !== next && one.isWantedUp && !isUp(one) && !one.isNever);
  return missing.length < parallel;
}

/** Whether it is so all that time. */
async function holds(run: Run, ms: number, isSo: () => boolean): Promise<boolean> {
  if (ms === 0) return true;
  return (await moveOnAfter(ms, () => run.changed.until(() => !isSo()).then(() => true))) === undefined;
}

function isUp({ ready, lost }: ServiceNode): boolean {
  return ready && lost === undefined;
}
