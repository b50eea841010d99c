/**
 * Orphans that nothing of themselves tells whose they are: they have a session of their own, and no mark, since many
 * daemons write their titles over their environment. Pure.
 *
 * We adopted them, so they are of some instance; of which one is told by when they were born, and who ended just now.
 */
import type { Process, ProcessSnapshot } from './process-snapshot.ts';

export interface StrayFacts {
  /** The process that adopts orphans of the run. */
  readonly adopter: number | 'nobody';
  readonly isOwnChild: (pid: number) => boolean;
  /** The tick of the first of which they can be. */
  readonly bornFrom: number;
}

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
