/**
 * One look at all processes of the machine that may belong to this run, by way of `/proc`.
 *
 * It blocks for some milliseconds. What was alive before this run began can't belong to it: mostly its number tells, else
 * it is not looked at again for a moment; a child of ours that leads its session can't change, and needs no look.
 */
import { readdirSync } from 'node:fs';
import { findMarker } from './instance-marker.ts';
import { createPidWindow } from './pid-window.ts';
import { readProcessFile } from './process-file.ts';
import { createSnapshot, type Process, type ProcessSnapshot } from './process-snapshot.ts';
import { type ProcessStat, parseProcessStat } from './process-stat.ts';

/**
 * How long a pid counts as a stranger's without another look. A pid comes back only after all others have been given
 * out; no machine makes that many processes in this time.
 */
const STRANGER_MS = 250;

/**
 * The look, or undefined where there is no `/proc`. It throws when the system has nothing left to look with.
 * `leaders` are the children of ours that are taken as alive, unseen. `markerByCgroup` tells of whom a process is that
 * has no marker, by the text of its `cgroup`.
 */
export function createProcessLook(
  run: string,
  leaders: ReadonlySet<number>,
  markerByCgroup: (cgroup: string) => string | undefined = () => undefined,
): (() => ProcessSnapshot) | undefined {
  const self = readStat(process.pid);
  if (self === undefined) return undefined;
  const lowestYoung = createPidWindow(self.pid);
  const strangers = new Map<number, number>();
  let markers = new Map<string, string | undefined>();

  return () => {
    const nowMs = performance.now();
    const seen = new Map<string, string | undefined>();
    const processes: Process[] = [];
    const lowest = lowestYoung();
    for (const name of readdirSync('/proc')) {
      const pid = Number(name);
      if (!(pid >= lowest) || pid === self.pid || (strangers.get(pid) ?? 0) > nowMs) continue;
      if (leaders.has(pid)) {
        processes.push(leader(pid, self.pid));
        continue;
      }
      const stat = readStat(pid);
      if (stat === undefined || stat.dead) continue;
      if (stat.startTicks < self.startTicks) {
        strangers.set(pid, nowMs + STRANGER_MS);
        continue;
      }
      const identity = `${pid} ${stat.startTicks}`;
      // A marker is for life, whatever the process executes later; having none may change. Nobody but us moves it
      // into another cgroup, and we do so before it can be seen.
      const marker =
        markers.get(identity) ??
        findMarker(readProcessFile(pid, 'environ') ?? '', run) ??
        (markers.has(identity) ? undefined : markerByCgroup(readProcessFile(pid, 'cgroup') ?? ''));
      seen.set(identity, marker);
      processes.push({ ...stat, marker });
    }
    markers = seen;
    return createSnapshot(processes);
  };
}

/** A session leader can't leave its session or its group. */
function leader(pid: number, parent: number): Process {
  return { pid, parent, group: pid, session: pid, startTicks: 0, dead: false, marker: undefined };
}

function readStat(pid: number): ProcessStat | undefined {
  const line = readProcessFile(pid, 'stat');
  return line === undefined ? undefined : parseProcessStat(pid, line);
}
