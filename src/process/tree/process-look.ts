/**
 * One look at all processes of the machine that may belong to this run, by way of `/proc`.
 *
 * It blocks for some milliseconds. What was alive before this run began can't belong to it: mostly its number tells, else
 * it is not looked at again for a moment; a child of ours that leads its session can't change, and needs no look.
 */
import { readdirSync } from 'node:fs';
import { type Attribution, noSign, type Sign } from './attribution.ts';
import { createPidWindow } from './pid-window.ts';
import { createSnapshot, type Process, type ProcessSnapshot } from './process-snapshot.ts';
import type { ProcessStat } from './process-stat.ts';
import { readProcessStat } from './process-stat-of.ts';

/**
 * How long a pid counts as a stranger's without another look. A pid comes back only after all others have been given
 * out; no machine makes that many processes in this time.
 */
const STRANGER_MS = 250;

/**
 * The look, or undefined where there is no `/proc`. It throws when the system has nothing left to look with.
 * `leaders` are the children of ours that are taken as alive, unseen.
 */
export function createProcessLook(
  attribution: Attribution,
  leaders: ReadonlySet<number>,
): (() => ProcessSnapshot) | undefined {
  const self = readProcessStat(process.pid);
  if (self === undefined) return undefined;
  const lowestYoung = createPidWindow(self.pid);
  const strangers = new Map<number, number>();
  let signs = new Map<string, Sign>();

  return () => {
    const nowMs = performance.now();
    const seen = new Map<string, Sign>();
    const processes: Process[] = [];
    const lowest = lowestYoung();
    const stats = new Map<number, ProcessStat>();
    for (const name of readdirSync('/proc')) {
      const pid = Number(name);
      if (!(pid >= lowest) || pid === self.pid || (strangers.get(pid) ?? 0) > nowMs) continue;
      if (leaders.has(pid)) {
        const own = leader(pid, self.pid);
        stats.set(pid, own);
        processes.push(own);
        continue;
      }
      const stat = readProcessStat(pid);
      if (stat === undefined || stat.dead) continue;
      if (stat.startTicks < self.startTicks) {
        strangers.set(pid, nowMs + STRANGER_MS);
        continue;
      }
      const identity = `${pid} ${stat.startTicks}`;
      const sign = attribution.again(pid, signs.get(identity));
      seen.set(identity, sign);
      stats.set(pid, stat);
      processes.push({ ...stat, ...sign, isBelow: false });
    }
    signs = seen;
    const isBelow = (process: Process): boolean =>
      process.mark !== undefined && attribution.isBelow(process, stats);
    return createSnapshot(processes.map((each) => (isBelow(each) ? { ...each, isBelow: true } : each)));
  };
}

/** A session leader can't leave its session or its group. */
function leader(pid: number, parent: number): Process {
  return { pid, parent, group: pid, session: pid, startTicks: 0, dead: false, ...noSign, isBelow: true };
}
