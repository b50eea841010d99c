/**
 * What of a run is alive when no instance of it should be. Pure.
 *
 * Roots are what is of the run by itself (`membership.ts`): by its cgroup or its mark, or as an orphan that we adopted,
 * which is our child without having been started by us; and what is known from an earlier look. And all that descends
 * from these.
 */
import { serviceOfMarker } from './instance-marker.ts';
import { type Identities, isIn, isOfRun, isYounger, type RunReach } from './membership.ts';
import type { Process, ProcessSnapshot } from './process-snapshot.ts';

export interface Leftover {
  readonly process: Process;
  /** What its cell or its mark says, or that of the process it descends from; empty: it can't be told. */
  readonly service: string;
}

export interface RunRoots extends RunReach {
  /** Not left behind: what we started and wait for. Nor is what descends from it, unless it is of the run by itself. */
  readonly isOwnChild: (pid: number) => boolean;
  readonly known: Identities;
}

export function findLeftovers(
  { byPid, byParent, byMarker }: ProcessSnapshot,
  { isOwnChild, known, ...reach }: RunRoots,
): readonly Leftover[] {
  const found = new Map<number, Leftover>();
  const add = (process: Process, above = ''): void => {
    if (found.has(process.pid) || isOwnChild(process.pid)) return;
    const marker = process.cell ?? process.mark;
    const service = marker === undefined ? above : serviceOfMarker(marker);
    found.set(process.pid, { process, service });
  };
  const adopted = reach.adopter === 'nobody' ? undefined : byParent.get(reach.adopter);
  for (const some of [...byMarker.values(), adopted ?? []]) {
    for (const process of some) if (isOfRun(process, reach)) add(process);
  }
  for (const pid of known.keys()) {
    const process = byPid.get(pid);
    if (process !== undefined && isIn(known, process)) add(process);
  }
  // A map passes on what is added while it is walked.
  for (const [pid, { process, service }] of found) {
    for (const child of byParent.get(pid) ?? [])
      if (isYounger(child, process.startTicks)) add(child, service);
  }
  return [...found.values()];
}
