/**
 * The moment in the unit in which the kernel tells starts of processes.
 */
import { readFileSync } from 'node:fs';

/** `/proc/uptime` tells hundredths of a second, and so does every port of Linux that Node has (USER_HZ, proc(5)). */
const TICKS_PER_SECOND = 100;

/** Infinity where it can't be told: then everything has begun before. Never throws. */
export function ticksNow(): number {
  try {
    const [uptime = ''] = readFileSync('/proc/uptime', 'latin1').split(' ', 1);
    return Math.round(Number(uptime) * TICKS_PER_SECOND);
  } catch {
    // No Linux, no /proc, or no descriptor for it.
    return Number.POSITIVE_INFINITY;
  }
}
