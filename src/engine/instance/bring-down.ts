/**
 * What follows every instance, however it ended: its tree is stopped, its last output read, its clean-ups run.
 *
 * Call it shielded. It is the one pass that G3 promises.
 */
import { moveOnAfter, wait } from '../../concurrency/index.ts';
import type { Run } from '../run/run.ts';
import { type Ending, endingClause } from '../service/ending.ts';
import { wakeBelow } from '../service/rest.ts';
import { cleanUp } from './clean-up.ts';
import { tellLeftBehind } from './left-behind.ts';
import type { LiveInstance } from './live-instance.ts';
import { stopInstance } from './stop.ts';

/** The tree is gone, so that the end of its output can only be a read away; what isn't ours may hold the pipe. */
const DRAIN_MS = 100;

const LOG_MS = 250;

export async function bringDown(run: Run, live: LiveInstance, ending: Ending): Promise<void> {
  const { node, instance } = live;
  await tellLeftBehind(run, live, ending);
  await stopInstance(run, live, ending);
  if (instance.outputOpen) await moveOnAfter(DRAIN_MS, () => wait(instance.outputEnded));
  instance.dispose();
  if (ending.kind !== 'asked' && ending.kind !== 'lost') await readOwnLog(run, live);
  const reason =
    ending.kind === 'asked' || ending.kind === 'lost' ? ending.reason : endingClause(node.spec, ending);
  await cleanUp(run, live, reason);
  node.alive = false;
  node.ends += 1;
  node.tellDependents();
  if (run.isCommanded) wakeBelow(node);
}

/** Of a service that writes to its file itself nothing was seen before; a disk that doesn't answer isn't waited for. */
async function readOwnLog(run: Run, { node }: LiveInstance): Promise<void> {
  const log = run.ports.directLog?.(node.name);
  if (log === undefined) return;
  const written = await moveOnAfter(LOG_MS, () => wait(log.written()));
  if (written !== undefined) node.tail.append(written);
}
