/**
 * Gives an instance that ended by itself the orphans that can only be of it: what it started in the background, and
 * that can't be told by anything else. From then on they are of its tree, and asked and killed with it.
 *
 * We adopted them, so they are of some instance; of which one is told by when they were born, and who ended just now.
 */
import { isOwnChild } from '../own-children.ts';
import type { Process, ProcessSnapshot } from './members/snapshot.ts';
import { TICKS_PER_SECOND, ticksNow } from './proc/process-stat.ts';
import type { ProcessTree } from './process-tree.ts';
import type { ProcessTable } from './table/table.ts';

/** The two clocks are read one after the other. */
const SLACK_TICKS = 5;

/** `upMs`: how long it ran. Never rejects. */
export async function claimStrays(
  tree: Pick<ProcessTree, 'claim'>,
  { table, adopter }: { readonly table: ProcessTable | undefined; readonly adopter: number | 'nobody' },
  upMs: number,
): Promise<void> {
  if (table === undefined || adopter === 'nobody') return;
  const nowTicks = ticksNow();
  if (nowTicks === Number.POSITIVE_INFINITY) return;
  const bornFrom = nowTicks - (upMs / 1000) * TICKS_PER_SECOND - SLACK_TICKS;
  tree.claim(findStrays(await table.next(), { adopter, isOwnChild, bornFrom }));
}

export interface StrayFacts {
  /** The process that adopts orphans of the run. */
  readonly adopter: number | 'nobody';
  readonly isOwnChild: (pid: number) => boolean;
  /** The tick of the first of which they can be. */
  readonly bornFrom: number;
}

/**
 * Orphans of which nothing of themselves tells whose they are: they have a session of their own, and no mark, since
 * many daemons write their titles over their environment. Pure.
 */
export function findStrays(
  { byParent, byPid }: ProcessSnapshot,
  { adopter, isOwnChild, bornFrom }: StrayFacts,
): readonly Process[] {
  if (adopter === 'nobody') return [];
  /** Somebody else leads it, who lives: then it is that one's. */
  const isLed = (process: Process): boolean =>
    [process.session, process.group].some((leader) => leader !== process.pid && byPid.has(leader));
  return (byParent.get(adopter) ?? []).filter(
    (process) =>
      process.startTicks >= bornFrom &&
      process.cell === undefined &&
      process.mark === undefined &&
      !process.dead &&
      !isOwnChild(process.pid) &&
      !isLed(process),
  );
}
