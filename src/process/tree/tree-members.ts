/**
 * Who belongs to the tree of an instance. Pure.
 *
 * Four roots, since each can be left: the leader's group and its session (left by setsid), the marker (left by
 * clearing the environment), being known from an earlier look; and all that descends from these (left when the
 * parent dies).
 */
import type { Process, ProcessSnapshot } from './process-snapshot.ts';

/** The pid and the start of processes: both together are never given out again. */
export type Identities = ReadonlyMap<number, number>;

export interface Tree {
  /** The main process. */
  readonly pid: number;
  /** False once the main process has been reaped. */
  readonly running: boolean;
  /** It leads no group and session, or nothing was left of them: their number may belong to somebody else. */
  readonly groupLost: boolean;
  readonly marker: string;
  readonly known: Identities;
}

/** Everything alive of the tree, the main process included. */
export function findMembers(snapshot: ProcessSnapshot, tree: Tree): readonly Process[] {
  const members = new Map<number, Process>();
  const add = (process: Process): void => {
    if (isReaped(process, tree)) return;
    members.set(process.pid, process);
  };
  const main = snapshot.byPid.get(tree.pid);
  if (tree.running && main !== undefined) add(main);
  if (!tree.groupLost) {
    for (const process of snapshot.byGroup.get(tree.pid) ?? []) add(process);
    for (const process of snapshot.bySession.get(tree.pid) ?? []) add(process);
  }
  for (const process of snapshot.byMarker.get(tree.marker) ?? []) add(process);
  for (const pid of tree.known.keys()) {
    const process = snapshot.byPid.get(pid);
    if (process !== undefined && isIn(tree.known, process)) add(process);
  }
  // A map passes on what is added while it is walked.
  for (const pid of members.keys()) {
    for (const child of snapshot.byParent.get(pid) ?? []) add(child);
  }
  return [...members.values()];
}

/** Whether the number of the reaped leader belongs to a new process, so that its group and session are gone. */
export function isNumberReused(snapshot: ProcessSnapshot, tree: Tree): boolean {
  const holder = snapshot.byPid.get(tree.pid);
  return !tree.running && holder !== undefined && !isReaped(holder, tree);
}

export function isIn(identities: Identities, process: Process): boolean {
  return identities.get(process.pid) === process.startTicks;
}

/** A look from before it was reaped shows the main process as the table showed it then: without a start. */
function isReaped(process: Process, tree: Tree): boolean {
  return !tree.running && process.pid === tree.pid && process.startTicks === 0;
}
