/**
 * Who belongs to the tree of an instance, of all that is alive. Pure.
 *
 * What is of the instance by itself (`membership.ts`) is looked for where it can be; all that descends from these is
 * too (and stays known when the parent dies).
 */
import { isOfItself, isReaped, isYounger, type Tree } from './membership.ts';
import type { Process, ProcessSnapshot } from './snapshot.ts';

/** Everything alive of the tree, the main process included. */
export function findMembers(snapshot: ProcessSnapshot, tree: Tree): readonly Process[] {
  const members = new Map<number, Process>();
  for (const process of candidates(snapshot, tree)) {
    if (!process.dead && isOfItself(process, tree)) members.set(process.pid, process);
  }
  // A map passes on what is added while it is walked.
  for (const [pid, { startTicks }] of members) {
    for (const child of snapshot.byParent.get(pid) ?? []) {
      if (!child.dead && !isReaped(child, tree) && isYounger(child, startTicks))
        members.set(child.pid, child);
    }
  }
  return [...members.values()];
}

/** Whether the number of the reaped leader belongs to a new process, so that its group and session are gone. */
export function isNumberReused(snapshot: ProcessSnapshot, tree: Tree): boolean {
  const holder = snapshot.byPid.get(tree.pid);
  return !tree.running && holder !== undefined && !isReaped(holder, tree);
}

/** Nobody else can be of it by itself. */
function* candidates(snapshot: ProcessSnapshot, tree: Tree): Iterable<Process> {
  const { byPid, byGroup, bySession, byMarker } = snapshot;
  yield* one(byPid.get(tree.pid));
  yield* byGroup.get(tree.pid) ?? [];
  yield* bySession.get(tree.pid) ?? [];
  yield* byMarker.get(tree.marker) ?? [];
  for (const pid of tree.known.keys()) yield* one(byPid.get(pid));
}

function one(process: Process | undefined): readonly Process[] {
  return process === undefined ? [] : [process];
}
