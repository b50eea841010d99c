/**
 * Which process it is that has a pid now, as `/proc/<pid>/stat` tells: its parent, its group, and when it was started.
 *
 * Starts are told in clock ticks since the machine started.
 */
import { readFileSync } from 'node:fs';
import { readProcessFile } from './process-file.ts';

export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Clock ticks since the machine started; with the pid it names a process for ever. */
  readonly startTicks: number;
  /** A zombie: nothing of it runs any more, it only waits to be reaped. */
  readonly dead: boolean;
}

// Positions after the name, which stands in parentheses and may itself contain some (proc(5)).
const PARENT = 1;
const GROUP = 2;
const SESSION = 3;
const THREADS = 17;
const START = 19;

/** The process of a line of `stat`, read as far as attribution needs it; undefined if it is not of that form. Pure. */
export function parseProcessStat(pid: number, line: string): ProcessStat | undefined {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ', START + 1);
  if (fields.length <= START) return undefined;
  const state = fields[0];
  return {
    pid,
    parent: Number(fields[PARENT]),
    group: Number(fields[GROUP]),
    session: Number(fields[SESSION]),
    startTicks: Number(fields[START]),
    // A main thread that ended before the others is shown as a zombie too, but the process runs on.
    dead: state === 'X' || (state === 'Z' && Number(fields[THREADS]) <= 1),
  };
}

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

/** `/proc/uptime` tells hundredths of a second, and so does every port of Linux that Node has (USER_HZ, proc(5)). */
export const TICKS_PER_SECOND = 100;

/** This moment in ticks; infinity where it can't be told: then everything has begun before. Never throws. */
export function ticksNow(): number {
  try {
    const [uptime = ''] = readFileSync('/proc/uptime', 'latin1').split(' ', 1);
    return Math.round(Number(uptime) * TICKS_PER_SECOND);
  } catch {
    // No Linux, no /proc, or no descriptor for it.
    return Number.POSITIVE_INFINITY;
  }
}
