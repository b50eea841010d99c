/**
 * One look at all processes of the machine that may belong to this run, by way of `/proc`.
 *
 * It blocks for some milliseconds. What was alive before this run began can't belong to it: mostly its number tells,
 * else it is not looked at again for a moment; a child of ours that leads its session can't change, and needs no look.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createSnapshot, type Process, type ProcessSnapshot } from '../members/snapshot.ts';
import { type ProcessStat, readProcessStat } from '../proc/process-stat.ts';
import { type Attribution, noSign, type Sign } from './attribution.ts';

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
    let isWhole = true;
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
      isWhole &&= sign.isOpen !== true;
      processes.push({ ...stat, ...sign, isBelow: false });
    }
    signs = seen;
    const isBelow = (process: Process): boolean =>
      process.mark !== undefined && attribution.isBelow(process, stats);
    return createSnapshot(
      processes.map((each) => (isBelow(each) ? { ...each, isBelow: true } : each)),
      isWhole,
    );
  };
}

/** A session leader can't leave its session or its group. */
function leader(pid: number, parent: number): Process {
  return { pid, parent, group: pid, session: pid, startTicks: 0, dead: false, ...noSign, isBelow: true };
}

export interface PidCounters {
  /** The number given out last in this pid namespace (proc(5), loadavg). */
  readonly last: number;
  /** Processes and threads made since boot (proc(5), stat). */
  readonly made: number;
  /** The numbers end before this one. */
  readonly most: number;
}

/**
 * The lowest pid that can have been given out since this program began: none below it needs a look. `before`: when the
 * process with the number `self` was alive already. Pure.
 *
 * The kernel gives pids out in order and begins anew at the end: until it does, who has a lower number than we was
 * there before us. The last one given out, and how many processes and threads were ever made, tell whether it has begun
 * anew.
 */
export function lowestYoungPid(self: number, before: PidCounters, now: PidCounters): number {
  // Half as many as there are numbers: some are taken by what is never counted.
  const mayHaveBegunAnew = before.last < self || now.last < self || now.made - before.made >= now.most / 2;
  return mayHaveBegunAnew ? 1 : self;
}

/** Gives the lowest pid that is to be looked at now. Never throws. */
function createPidWindow(self: number): () => number {
  const before = readCounters();
  return () => {
    const now = before && readCounters();
    return before === undefined || now === undefined ? 1 : lowestYoungPid(self, before, now);
  };
}

/** Undefined: the system doesn't tell. */
function readCounters(): PidCounters | undefined {
  const last = Number(readText('/proc/loadavg').trimEnd().split(' ').at(-1));
  const made = Number(/^processes (\d+)$/m.exec(readText('/proc/stat'))?.[1]);
  const most = Number(readText('/proc/sys/kernel/pid_max'));
  return last > 0 && made > 0 && most > 0 ? { last, made, most } : undefined;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // No Linux, a part of /proc that is hidden, or no descriptor.
    return '';
  }
}
