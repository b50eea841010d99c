/**
 * Whether a process that was noted down still is the one that has its pid, and lives.
 */
import { readProcessStat } from '../proc/process-stat.ts';
import { trySignals } from './send-signal.ts';

/** Whether the process that began at that tick lives. 0, where ticks aren't known: whether any has that pid. */
export function isSameProcessAlive(pid: number, startTicks: number): boolean {
  if (startTicks === 0) return trySignals(pid, [0]) !== 'nobody';
  const stat = readProcessStat(pid);
  return stat !== undefined && !stat.dead && stat.startTicks === startTicks;
}
