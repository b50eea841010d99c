/**
 * The living processes that may belong to this run, as one look at the system found them. Plain data with indexes.
 */
import type { ProcessStat } from './process-stat.ts';

export interface Process extends ProcessStat {
  /** Whose it is by its environment, else by its cgroup: as `findMarker` tells. */
  readonly marker: string | undefined;
}

export interface ProcessSnapshot {
  readonly byPid: ReadonlyMap<number, Process>;
  readonly byParent: ReadonlyMap<number, readonly Process[]>;
  readonly byGroup: ReadonlyMap<number, readonly Process[]>;
  readonly bySession: ReadonlyMap<number, readonly Process[]>;
  readonly byMarker: ReadonlyMap<string, readonly Process[]>;
}

export function createSnapshot(processes: Iterable<Process>): ProcessSnapshot {
  const byPid = new Map<number, Process>();
  const byParent = new Map<number, Process[]>();
  const byGroup = new Map<number, Process[]>();
  const bySession = new Map<number, Process[]>();
  const byMarker = new Map<string, Process[]>();
  for (const process of processes) {
    byPid.set(process.pid, process);
    append(byParent, process.parent, process);
    append(byGroup, process.group, process);
    append(bySession, process.session, process);
    if (process.marker !== undefined) append(byMarker, process.marker, process);
  }
  return { byPid, byParent, byGroup, bySession, byMarker };
}

function append<Key>(index: Map<Key, Process[]>, key: Key, process: Process): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [process]);
  else list.push(process);
}
