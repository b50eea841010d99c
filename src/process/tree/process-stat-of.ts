/**
 * What the kernel tells about one process: who it is, and whether it still is that one.
 */
import { readProcessFile } from './process-file.ts';
import { type ProcessStat, parseProcessStat } from './process-stat.ts';
import { sendSignal } from './send-signal.ts';

/** Undefined: there is none, or this system has no `/proc`. */
export function readProcessStat(pid: number): ProcessStat | undefined {
  const line = readProcessFile(pid, 'stat');
  return line === undefined ? undefined : parseProcessStat(pid, line);
}

/** Those of them that live; none of what the system has nothing left to look with. */
export function livingStats(pids: readonly number[]): readonly ProcessStat[] {
  return pids.flatMap((pid) => {
    try {
      const stat = readProcessStat(pid);
      return stat === undefined || stat.dead ? [] : [stat];
    } catch (error) {
      // Out of descriptors or memory: the next look may know.
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return [];
    }
  });
}

/** Whether the process that began at that tick lives. 0, where ticks aren't known: whether any has that pid. */
export function isSameProcessAlive(pid: number, startTicks: number): boolean {
  if (startTicks === 0) return sendSignal(pid, 0) !== 'nobody';
  const stat = readProcessStat(pid);
  return stat !== undefined && !stat.dead && stat.startTicks === startTicks;
}
