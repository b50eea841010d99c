/**
 * The one rule about whose a process is, for whoever asks: who may speak for a service, whose port it is, who is
 * stopped with it, who may be its main process, what a run has left. Pure: it decides from plain facts.
 *
 * What nobody can choose for himself counts: cgroup, descent, the leader's session, adoption, what was seen before. The
 * environment tells of which instance a process is, and that it is of one at all only where there is neither a cgroup
 * to ask nor an adopter; always with secrets, and a user that the service can have (`RunMarks`).
 */
import type { ProcessStat } from '../proc/process-stat.ts';
import { ROOT } from './possible-users.ts';

/** What there is to see of a process. */
export interface Facts extends ProcessStat {
  /** Of which instance (or command) of this run its cgroup is; undefined: it is in none of this run. */
  readonly cell: string | undefined;
  /** Of which instance (or command) of this run it is by its mark. */
  readonly mark: string | undefined;
  /** Its real user, if it has a mark; undefined: it isn't to be seen. */
  readonly uid: number | undefined;
  /** Whether it descends from us, or from who adopts orphans for us; told only of what has a mark. */
  readonly isBelow: boolean;
}

/** The pid and the start of processes: both together are never given out again. */
export type Identities = ReadonlyMap<number, number>;

/** Whose children orphans of the run become: ours, or those of an init in front of us. */
export type Adopter = number | 'nobody';

/** An instance, as far as a process can be of it. */
export interface Tree {
  /** The process that was spawned. */
  readonly pid: number;
  /** 0: not known. */
  readonly startTicks: number;
  /** False once it has been reaped. */
  readonly running: boolean;
  /** It leads no group and session, or nothing was left of them: their number may belong to somebody else. */
  readonly groupLost: boolean;
  /** Of cells and marks. */
  readonly marker: string;
  /** It was put into a cgroup of its own. */
  readonly hasCell: boolean;
  /** Since before it was spawned all orphans come to us: what doesn't descend from us isn't of it. */
  readonly adoptsAll: boolean;
  readonly known: Identities;
}

/** Whether it is of the instance by what is seen of itself. Who descends from such a one is so too: see `isOf`. */
export function isOfItself(process: Facts, tree: Tree): boolean {
  if (isReaped(process, tree)) return false;
  if (isIn(tree.known, process)) return true;
  if (process.pid === tree.pid && tree.running) return true;
  if (isYounger(process, tree.startTicks) && isInSession(process, tree)) return true;
  if (process.cell !== undefined) return process.cell === tree.marker;
  return process.mark === tree.marker && isTrue(process, tree.hasCell, tree.adoptsAll);
}

/** `line`: the process, its parent, and so on. */
export function isOf(line: readonly Facts[], tree: Tree): boolean {
  let below: Facts | undefined;
  for (const process of line) {
    if (below !== undefined && !isYounger(below, process.startTicks)) return false;
    if (isOfItself(process, tree)) return true;
    below = process;
  }
  return false;
}

/** Whether a process that is in none of our trees is of the run all the same. */
export function isOfRun(process: Facts, { adopter, hasCells, adoptsAll }: RunReach): boolean {
  if (process.cell !== undefined || process.parent === adopter) return true;
  return process.mark !== undefined && isTrue(process, hasCells, adoptsAll);
}

/** By what a process of a run is known, wherever it went. */
export interface RunReach {
  readonly adopter: Adopter;
  /** Everything that was spawned in it is in a cgroup of the run. */
  readonly hasCells: boolean;
  /** As for an instance. */
  readonly adoptsAll: boolean;
}

/**
 * Whether its mark is no copy, made by a process of the same user: a mark alone will do only where there is nothing
 * else to ask. Few but root may move themselves out of a cgroup, which may be before orphans come to us; and who is
 * root needs no mark to do as he likes.
 */
function isTrue({ isBelow, uid }: Facts, hasCell: boolean, adoptsAll: boolean): boolean {
  if (isBelow) return true;
  return hasCell ? uid === ROOT && !adoptsAll : !adoptsAll;
}

/** Nobody is older than whom he descends from. 0: not known. */
export function isYounger({ startTicks }: ProcessStat, thanTicks: number): boolean {
  return startTicks === 0 || startTicks >= thanTicks;
}

/** So that `isIn` knows them again. */
export function remember(identities: Map<number, number>, processes: readonly ProcessStat[]): void {
  for (const { pid, startTicks } of processes) identities.set(pid, startTicks);
}

export function isIn(identities: Identities, { pid, startTicks }: ProcessStat): boolean {
  return identities.get(pid) === startTicks;
}

/** A look from before it was reaped shows the main process as the table showed it then: without a start. */
export function isReaped({ pid, startTicks }: ProcessStat, tree: Pick<Tree, 'pid' | 'running'>): boolean {
  return !tree.running && pid === tree.pid && startTicks === 0;
}

/** While anybody is in them their number is nobody else's. */
function isInSession({ pid, group, session }: ProcessStat, tree: Tree): boolean {
  if (tree.groupLost || (pid === tree.pid && !tree.running)) return false;
  return group === tree.pid || session === tree.pid;
}
