/**
 * What of a run is alive when no instance of it should be. Pure.
 *
 * Three roots: the marker or the cgroup of the run; being our child without having been started by us, as orphans that
 * we adopted are; being known from an earlier look. And all that descends from these.
 */
import { serviceOfMarker } from './instance-marker.ts';
import type { Process, ProcessSnapshot } from './process-snapshot.ts';
import { type Identities, isIn } from './tree-members.ts';

export interface Leftover {
  readonly process: Process;
  /** What its marker says, or that of the process it descends from; empty: it can't be told. */
  readonly service: string;
}

export interface RunRoots {
  /** The process that adopts orphans of the run: we, or the init in front of us. */
  readonly adopter: number | 'nobody';
  /** Not left behind: what we started and wait for. Nor is what descends from it, unless it is marked itself. */
  readonly isOwnChild: (pid: number) => boolean;
  readonly known: Identities;
}

export function findLeftovers(
  { byPid, byParent, byMarker }: ProcessSnapshot,
  { adopter, isOwnChild, known }: RunRoots,
): readonly Leftover[] {
  const found = new Map<number, Leftover>();
  const add = (process: Process, above = ''): void => {
    if (found.has(process.pid) || isOwnChild(process.pid)) return;
    const service = process.marker === undefined ? above : serviceOfMarker(process.marker);
    found.set(process.pid, { process, service });
  };
  for (const marked of byMarker.values()) for (const process of marked) add(process);
  const adopted = adopter === 'nobody' ? undefined : byParent.get(adopter);
  for (const process of adopted ?? []) add(process);
  for (const pid of known.keys()) {
    const process = byPid.get(pid);
    if (process !== undefined && isIn(known, process)) add(process);
  }
  // A map passes on what is added while it is walked.
  for (const [pid, { service }] of found) {
    for (const child of byParent.get(pid) ?? []) add(child, service);
  }
  return [...found.values()];
}
