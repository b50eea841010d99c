/**
 * Time that a process could use: a busy machine may keep it waiting for a processor, and that is nobody's fault.
 */
import { readFileSync } from 'node:fs';

/**
 * How long the main thread of a process has waited, ready to run, for a processor, in ms; 0 for a process that has ended, and where
 * the kernel doesn't count (the second field of `/proc/PID/schedstat`, Documentation/scheduler/sched-stats of Linux).
 */
export function runDelayMs(pid: number): number {
  try {
    const [, waitedNs] = readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ');
    return Number(waitedNs) / 1e6;
  } catch {
    return 0;
  }
}
