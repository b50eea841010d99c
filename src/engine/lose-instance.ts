/**
 * What the loss of an instance means for the services whose edges to it react: they are told, and they go first.
 *
 * Those that keep running without it are not waited for, nor are those that still have time to see it back.
 */
import { taskGroup, wait } from '../concurrency/index.ts';
import type { Next } from './decide-end.ts';
import { type Ending, endingClause } from './ending.ts';
import type { LiveInstance } from './live-instance.ts';
import type { Run } from './run.ts';
import type { ServiceNode } from './service-node.ts';
import { noteExit } from './stop-instance.ts';

/** From now on its instance can't be relied on, be it still alive or not. `why` is a clause fit after its name. */
export function loseInstance(node: ServiceNode, why: string): void {
  node.lost = why;
  node.ready = false;
  node.tellDependents();
}

/** In the moment in which its end was seen and decided: a failure must be known before what follows from the loss. */
export function tellLoss(node: ServiceNode, ending: Ending, next: { readonly kind: Next['kind'] }): void {
  if (ending.kind === 'lost' || node.replacement?.isQuiet === true) return;
  // What a request takes down has only been about to go until now.
  if (ending.kind === 'asked') {
    if (node.leavesByRequest) loseInstance(node, ending.reason);
    return;
  }
  // What waits for a task that has completed has what it wanted, and so has what uses the values of a function.
  if (next.kind === 'completed' && (node.isTask || node.isCall)) return;
  loseInstance(node, endingClause(node.spec, ending));
}

/**
 * Waits while an instance that still runs must not be asked to stop, or until it ends by itself. What had ended when its
 * end was decided waits for nobody here: its next instance does.
 */
export async function parted(run: Run, live: LiveInstance, ending: Ending): Promise<void> {
  if (ending.kind !== 'not-ready' && ending.kind !== 'tripped') return;
  await taskGroup(async (group) => {
    group.startSoon(async () => {
      noteExit(run, live, await wait(live.instance.exited), false);
      group.cancel();
    });
    await live.node.pulse.until(() => mayBeAsked(run, live.node, ending));
    group.cancel();
  });
}

/** In a shutdown everything stops in its order; only what never became ready doesn't wait for its turn. */
function mayBeAsked(run: Run, node: ServiceNode, { kind }: Ending): boolean {
  if (run.shutdown.cause === undefined) return reliersGone(node);
  return kind !== 'tripped' || node.dependentsGone || run.shutdown.abandoned;
}

/**
 * Nobody that gives way, or will at once, because this service is lost is still there, clean-ups included. Who has been
 * told to stop counts only if it does: it may have to wait for somebody who can do without it and runs on.
 */
export function reliersGone(
  node: ServiceNode,
  counts: (dependent: ServiceNode) => boolean = () => true,
): boolean {
  // What is replaced unnoticed is lost to nobody.
  if (node.replacement?.isQuiet === true || node.isReplacedQuietly) return true;
  return !node.dependents.some(
    (dependent) =>
      counts(dependent) &&
      (dependent.stopReason === undefined || isGoing(dependent)) &&
      dependent.reliesOn(node, ({ onLoss }) => onLoss.afterMs === 0 || dependent.givesWay !== undefined),
  );
}

/** It was told to stop, and so was everything that it waits for before it does. */
function isGoing(node: ServiceNode): boolean {
  if (node.isDownByRequest) return true;
  const mustStop = ({ stopReason }: ServiceNode) => stopReason !== undefined;
  return mustStop(node) && node.everyDependent(mustStop);
}
