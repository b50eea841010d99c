/**
 * The processes of an instance that has a cgroup of its own: whatever is in that belongs to it, and nothing else does.
 *
 * The cgroup knows its members at any time, so nothing is looked up before a signal, and no other process of the
 * machine is ever looked at. A process that moved itself to another cgroup is none of it any more.
 */
import { isIn, isOf, remember } from './members/membership.ts';
import { dueToBeAsked, type Process } from './members/snapshot.ts';
import { livingStats } from './proc/process-stat.ts';
import type { ProcessTree, TreeOptions } from './process-tree.ts';
import { sendSignal, sendStop, sendToGroup, stopSignals } from './signals/send-signal.ts';
import { noSign } from './table/attribution.ts';
import type { ProcessTable } from './table/table.ts';
import { createGoneWatch } from './until-gone.ts';

/** The cgroup, as far as a tree needs it. None of it throws. */
export interface CellMembers {
  /** Who is in it and below it; undefined: it can't be read now. */
  pids(): readonly number[] | undefined;
  /** Whether anybody in it is alive; `unknown`: it can't be read now. */
  population(): 'alive' | 'none' | 'unknown';
  /** SIGKILL to all that is in it. */
  kill(): void;
}

/**
 * Signals the main process, or its group, if nobody else is in the cell, and calls `notAlone` else. False: it can't do
 * either.
 */
export type AskAlone = (signal: NodeJS.Signals, toGroup: boolean, notAlone: () => void) => boolean;

/** Its process was spawned in the cell. */
export interface CellTreeOptions extends TreeOptions {
  readonly cell: CellMembers;
  /** Who can ask without a look; undefined: nobody. */
  readonly askAlone?: AskAlone | undefined;
  /** Need not look at the child while it runs. */
  readonly table: Pick<ProcessTable, 'adopt' | 'release'>;
}

const nobody: ReadonlyMap<number, number> = new Map();

export function createCellTree({ cell, table, askAlone, ...identity }: CellTreeOptions): ProcessTree {
  const { pid, leadsGroup } = identity;
  /** By pid, with the start. */
  const asked = new Map<number, number>();
  const askedAsGroup = new Map<number, number>();
  const present = new Map<number, number>();
  let running = true;
  let restAsked: NodeJS.Signals | undefined;
  let killing = false;
  if (leadsGroup) table.adopt(pid);

  const isInGroup = ({ group }: Process): boolean => leadsGroup && group === pid;

  const wasAsked = (process: Process): boolean =>
    isIn(asked, process) || (isIn(askedAsGroup, process) && isInGroup(process));

  const killAll = (members: readonly Process[]): void => {
    if (leadsGroup && running) sendSignal(-pid, 'SIGKILL');
    cell.kill();
    // An older kernel has no way to kill a cgroup.
    for (const process of members) sendSignal(process.pid, 'SIGKILL');
  };

  const urge = (members: readonly Process[]): void => {
    if (killing) killAll(members);
    else if (restAsked !== undefined && !running) {
      const rest = dueToBeAsked(members, wasAsked, (process) => isIn(present, process));
      remember(asked, rest);
      for (const process of rest) sendStop(process.pid, restAsked);
    }
  };

  const askAll: ProcessTree['ask'] = (signal, target) => {
    if (!running) return;
    // What it starts from now on may be its clean-up.
    const there = cell.pids() ?? [];
    const others = there.filter((each) => each !== pid);
    const toGroup = leadsGroup && target === 'group';
    if (toGroup) sendToGroup(pid, () => livingOf(there).filter(isInGroup), stopSignals(signal));
    else sendStop(pid, signal);
    const members = livingOf(others);
    remember(present, members);
    if (toGroup) {
      remember(askedAsGroup, members.filter(isInGroup));
    } else if (target === 'group') {
      remember(asked, members);
      for (const process of members) sendStop(process.pid, signal);
    }
  };

  const look = (): readonly Process[] => livingOf(cell.pids() ?? []);

  let isEmpty = false;
  /** Nobody comes into one that is empty without its main process. */
  const seenEmpty = (): boolean => {
    if (isEmpty) return true;
    const isSeen = cell.population() === 'none';
    isEmpty = isSeen && !running;
    return isSeen;
  };

  const watch = createGoneWatch(() => {
    if (seenEmpty()) return true;
    urge(look());
    return false;
  });

  return {
    leaderEnded() {
      running = false;
      table.release(pid);
    },
    ask(signal, target) {
      if (!running) return;
      const toGroup = leadsGroup && target === 'group';
      // Most are alone: then there is nobody else to look at.
      if (askAlone?.(signal, toGroup, () => askAll(signal, target)) !== true) askAll(signal, target);
    },
    askRest(signal) {
      restAsked = signal;
      if (!seenEmpty()) urge(look());
      watch.hurry();
    },
    kill() {
      killing = true;
      killAll([]);
      watch.hurry();
    },
    gone: () => watch.gone(),
    alive: async () => look().map((process) => process.pid),
    // Whatever is of it is in its cgroup.
    claim() {},
    has: (line) =>
      isOf(line, { ...identity, running, groupLost: !leadsGroup || !running, hasCell: true, known: nobody }),
  };
}

/** Of a cell nothing else needs to be known. */
function livingOf(pids: readonly number[]): readonly Process[] {
  return livingStats(pids).map((stat) => ({ ...stat, ...noSign, isBelow: true }));
}
