/**
 * Which pids can have been given out since this program began, so that none of the others needs a look.
 *
 * The kernel gives them out in order and begins anew at the end: until it does, who has a lower number than we was there
 * before us. The last one given out, and how many processes and threads were ever made, tell whether it has begun anew.
 */
import { readFileSync } from 'node:fs';

export interface PidCounters {
  /** The number given out last in this pid namespace (proc(5), loadavg). */
  readonly last: number;
  /** Processes and threads made since boot (proc(5), stat). */
  readonly made: number;
  /** The numbers end before this one. */
  readonly most: number;
}

/** The lowest pid that is to be looked at. Pure. `before`: when the process with the number `self` was alive already. */
export function lowestYoungPid(self: number, before: PidCounters, now: PidCounters): number {
  // Half as many as there are numbers: some are taken by what is never counted.
  const mayHaveBegunAnew = before.last < self || now.last < self || now.made - before.made >= now.most / 2;
  return mayHaveBegunAnew ? 1 : self;
}

/** Gives the lowest pid that is to be looked at now. Never throws. */
export function createPidWindow(self: number): () => number {
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
