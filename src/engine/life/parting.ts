/**
 * What the end of an instance means for those that rely on it: they are told in its moment, and they go first.
 */
import { taskGroup, wait } from '../../concurrency/index.ts';
import type { LiveInstance } from '../instance/live-instance.ts';
import { noteExit } from '../instance/stop.ts';
import type { Run } from '../run/run.ts';
import { boundGone, loseInstance } from '../service/dependents.ts';
import { type Ending, endingClause } from '../service/ending.ts';
import { hasToStop, type ServiceNode } from '../service/node.ts';
import type { Next } from './decide-end.ts';

/** In the moment in which its end was seen and decided: a failure must be known before what follows from the loss. */
export function tellLoss(node: ServiceNode, ending: Ending, next: { readonly kind: Next['kind'] }): void {
  if (ending.kind === 'lost' || node.replacement?.isQuiet === true) return;
  // What a request takes down has only been about to go until now.
  if (ending.kind === 'asked') {
    if (node.leavesByRequest) loseInstance(node, ending.reason);
    // It goes, whatever is forgotten of the reason while it does: nobody may begin to rely on it.
    else node.lost = hasToStop(ending.reason);
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
    await live.node.pulse.until(
      () => mayBeAsked(run, live.node, ending),
      () => group.cancel(),
    );
  });
}

/** In a shutdown everything stops in its order; only what never became ready doesn't wait for its turn. */
function mayBeAsked(run: Run, node: ServiceNode, { kind }: Ending): boolean {
  if (run.shutdown.cause === undefined) return boundGone(node);
  return kind !== 'tripped' || node.dependentsGone || run.shutdown.abandoned;
}
