/**
 * The living processes that may belong to this run, as one look at the system found them. Plain data with indexes.
 */
import { type Facts, isOfItself, isReaped, isYounger, type Tree } from './membership.ts';

export type Process = Facts;

export interface ProcessSnapshot {
  readonly byPid: ReadonlyMap<number, Process>;
  readonly byParent: ReadonlyMap<number, readonly Process[]>;
  readonly byGroup: ReadonlyMap<number, readonly Process[]>;
  readonly bySession: ReadonlyMap<number, readonly Process[]>;
  /** By its cell, or its mark if it is in none. */
  readonly byMarker: ReadonlyMap<string, readonly Process[]>;
  /** False: some were being executed, and have a mark maybe that was not to be seen. */
  readonly isWhole: boolean;
}

export function createSnapshot(processes: Iterable<Process>, isWhole = true): ProcessSnapshot {
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
  return { byPid, byParent, byGroup, bySession, byMarker, isWhole };
}

function append<Key>(index: Map<Key, Process[]>, key: Key, process: Process): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [process]);
  else list.push(process);
}

// Who of a tree is to be asked to end. Pure.
//
// Who was asked is not asked again, nor is what it has started since then: that may be its clean-up. When it is gone,
// what it left is asked. `wasThere` tells who was there before anybody was asked.

export function dueToBeAsked(
  processes: readonly Process[],
  wasAsked: (process: Process) => boolean,
  wasThere: (process: Process) => boolean = () => false,
): readonly Process[] {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const verdicts = new Map<number, boolean>();
  /** Whether somebody above it that is alive was asked. */
  const isCaredFor = ({ pid, parent }: Process): boolean => {
    const known = verdicts.get(pid);
    if (known !== undefined) return known;
    // Of numbers that were given out again while it was looked there could be a circle.
    verdicts.set(pid, false);
    const above = byPid.get(parent);
    const verdict = above !== undefined && (wasAsked(above) || isCaredFor(above));
    verdicts.set(pid, verdict);
    return verdict;
  };
  return processes.filter((process) => !wasAsked(process) && (wasThere(process) || !isCaredFor(process)));
}

// Who belongs to the tree of an instance, of all that is alive. Pure.
//
// What is of the instance by itself (`membership.ts`) is looked for where it can be; all that descends from these is
// too (and stays known when the parent dies).

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
