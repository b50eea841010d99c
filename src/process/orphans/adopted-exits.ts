/**
 * How processes ended that are not our children, for whoever waits for one: only the process that reaps them learns
 * it, which is us where we adopt orphans.
 */
import type { Exit } from '../../events/fact-shape.ts';

/** The most that a word from another process may take. */
const TOLD_MS = 250;

let isReapedElsewhere = (): boolean => false;

/** Another process adopts them, and tells of each that it has reaped, a moment later. `isThere`: it still does. */
export function adoptedBy(isThere: () => boolean): void {
  isReapedElsewhere = isThere;
}

/** Settles when `told` has, or when nothing more is to be expected of one that is gone. */
export async function untilTold(told: Promise<void>): Promise<void> {
  if (!isReapedElsewhere()) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, TOLD_MS);
  });
  await Promise.race([told, late]);
  clearTimeout(timer);
}

const awaited = new Map<number, (exit: Exit) => void>();

/** Call it for every orphan that was reaped. */
export function noteAdoptedExit(pid: number, exit: Exit): void {
  awaited.get(pid)?.(exit);
  awaited.delete(pid);
}

/** Tells how it ended if we come to reap it; returns what gives up waiting for that. */
export function onAdoptedExit(pid: number, tell: (exit: Exit) => void): () => void {
  awaited.set(pid, tell);
  return () => {
    if (awaited.get(pid) === tell) awaited.delete(pid);
  };
}
