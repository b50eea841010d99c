/**
 * The living processes that may belong to this run, as one look at the system found them. Plain data with indexes.
 */
import type { Facts } from './membership.ts';

export type Process = Facts;

export interface ProcessSnapshot {
  readonly byPid: ReadonlyMap<number, Process>;
  readonly byParent: ReadonlyMap<number, readonly Process[]>;
  readonly byGroup: ReadonlyMap<number, readonly Process[]>;
  readonly bySession: ReadonlyMap<number, readonly Process[]>;
  /** By its cell, or its mark if it is in none. */
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
    const marker = process.cell ?? process.mark;
    if (marker !== undefined) append(byMarker, marker, process);
  }
  return { byPid, byParent, byGroup, bySession, byMarker };
}

function append<Key>(index: Map<Key, Process[]>, key: Key, process: Process): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [process]);
  else list.push(process);
}
