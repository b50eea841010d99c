/**
 * How processes ended that are not our children, for whoever waits for one: only the process that reaps them learns
 * it, which is us where we adopt orphans.
 */
import type { Exit } from '../../events/fact-shape.ts';

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
