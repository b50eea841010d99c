/**
 * Asks and kills what is left of a run when every instance of it has ended, on the real system.
 *
 * It looks at the process table that the trees use, and only when it is told to.
 */
import { isOwnChild } from '../own-children.ts';
import type { Leftovers, LeftProcess } from '../ports.ts';
import { describeSurvivor } from './describe-survivor.ts';
import { findLeftovers, isForeign, type Leftover } from './members/find-leftovers.ts';
import { type Adopter, isIn } from './members/membership.ts';
import { dueToBeAsked, type ProcessSnapshot } from './members/snapshot.ts';
import { foreignChildren, livingChildrenOf } from './proc/children.ts';
import { readEnviron } from './proc/process-file.ts';
import { sendSignal, sendStop } from './signals/send-signal.ts';
import type { ProcessTable } from './table/table.ts';
import { createGoneWatch } from './until-gone.ts';

export interface LeftoversOptions {
  /** Undefined: who is alive can't be seen here, and nothing is ever left. */
  readonly table: ProcessTable | undefined;
  /** The process that adopts orphans of the run. */
  readonly adopter: () => Adopter;
  /** It has adopted all of them since before the first was spawned. */
  adoptsAll(): boolean;
  /** Of the run. */
  readonly cgroup?: RunCell | undefined;
}

/** The cgroup of the run, as far as it is needed here. None of it throws. */
interface RunCell {
  /** SIGKILL to all that is in it. */
  kill(): void;
  /** Nothing in it is alive, as far as the system tells. */
  isEmpty(): boolean;
  /** Nothing was spawned elsewhere. */
  holdsAll(): boolean;
}

/** The first process of the namespace. */
const INIT = 1;
const MOST_LOOKS = 20;

export function createLeftovers({ table, adopter, adoptsAll, cgroup }: LeftoversOptions): Leftovers {
  if (table === undefined) return nothingLeft;
  const known = new Map<number, number>();
  const asked = new Map<number, number>();
  const isEmpty = cgroup?.isEmpty ?? (() => true);
  // Who was executed in the place of a shell has the children that the shell had. As PID 1 all are ours to end.
  const inherited = new Set(adopter() === process.pid && process.pid !== INIT ? adopted() : []);
  const isNotAdopted = (pid: number): boolean => inherited.has(pid) || isOwnChild(pid);
  let signal: NodeJS.Signals | undefined;
  let killing = false;

  const find = (snapshot: ProcessSnapshot): readonly Leftover[] => {
    const reach = { adopter: adopter(), hasCells: cgroup?.holdsAll() === true, adoptsAll: adoptsAll() };
    const left = findLeftovers(snapshot, { ...reach, isOwnChild: isNotAdopted, known });
    known.clear();
    for (const { process } of left) known.set(process.pid, process.startTicks);
    return left;
  };

  const urge = (left: readonly Leftover[]): void => {
    const processes = left.map(({ process }) => process);
    if (killing) {
      cgroup?.kill();
      for (const { pid } of processes) sendSignal(pid, 'SIGKILL');
    } else if (signal !== undefined) {
      const due = dueToBeAsked(processes, (process) => isIn(asked, process));
      for (const { pid, startTicks } of due) {
        asked.set(pid, startTicks);
        sendStop(pid, signal);
      }
    }
  };

  const describeLeft = ({ process: { pid, cell, mark }, service }: Leftover): LeftProcess => {
    const mayBeForeign = adopter() === INIT && service === '' && (cell ?? mark) === undefined;
    const isForeignOne = mayBeForeign && isForeign(readEnviron(pid)?.text ?? '', process.env);
    return { ...describeSurvivor(pid, service), ...(isForeignOne && { isForeign: true }) };
  };

  /** All that there was is in the cgroup, which is empty, and whoever got out of it and lost its parent is nobody's child. */
  const nobodyCanBeLeft = (): boolean => {
    const at = adopter();
    if (cgroup?.holdsAll() !== true || !adoptsAll() || typeof at !== 'number' || at === INIT) return false;
    if (at === process.pid || !isEmpty()) return false;
    return livingChildrenOf(at)?.every(isNotAdopted) ?? false;
  };

  const watch = createGoneWatch(async () => {
    const left = find(await table.next());
    urge(left);
    return left.length === 0 && isEmpty();
  });

  return {
    async look() {
      if (nobodyCanBeLeft()) return [];
      // Not the look of this turn: a command that began and ended in it may have left something since.
      let left = find(await table.next());
      // What moves on from one process to the next is seen by chance only, unless a cgroup tells that it is there.
      for (let looks = 1; left.length === 0 && looks < MOST_LOOKS && !isEmpty(); looks++) {
        left = find(await table.next());
      }
      return left.map(describeLeft);
    },
    ask(by) {
      signal = by;
      urge(find(table.now()));
      watch.hurry();
    },
    kill() {
      killing = true;
      urge(find(table.now()));
      watch.hurry();
    },
    gone: () => watch.gone(),
  };
}

/** None where it can't be looked, for want of descriptors. */
function adopted(): readonly number[] {
  try {
    return foreignChildren();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return [];
  }
}

const nothingLeft: Leftovers = {
  look: async () => [],
  ask() {},
  kill() {},
  gone: async () => {},
};
