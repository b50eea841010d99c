/**
 * Asks and kills what is left of a run when every instance of it has ended, on the real system.
 *
 * It looks at the process table that the trees use, and only when it is told to.
 */

import type { RunCgroup } from '../cgroup/run-cgroup.ts';
import { isOwnChild } from '../orphans/own-children.ts';
import type { Leftovers, LeftProcess } from '../ports.ts';
import { readCommandLine } from './command-line.ts';
import { dueToBeAsked } from './due-to-be-asked.ts';
import { findLeftovers, type Leftover } from './find-leftovers.ts';
import { isForeign } from './is-foreign.ts';
import { readProcessFile } from './process-file.ts';
import type { ProcessSnapshot } from './process-snapshot.ts';
import type { ProcessTable } from './process-table.ts';
import { sendSignal } from './send-signal.ts';
import { sendStop } from './send-stop.ts';
import { isIn } from './tree-members.ts';
import { createGoneWatch } from './until-gone.ts';

export interface LeftoversOptions {
  /** Undefined: who is alive can't be seen here, and nothing is ever left. */
  readonly table: ProcessTable | undefined;
  /** The process that adopts orphans of the run. */
  readonly adopter: number | 'nobody';
  /** Of the run. */
  readonly cgroup?: Pick<RunCgroup, 'kill' | 'isEmpty' | 'provesEmpty'> | undefined;
}

const MOST_LOOKS = 20;
const INIT = 1;

export function createLeftovers({ table, adopter, cgroup }: LeftoversOptions): Leftovers {
  if (table === undefined) return nothingLeft;
  const known = new Map<number, number>();
  const asked = new Map<number, number>();
  const isEmpty = cgroup?.isEmpty ?? (() => true);
  let signal: NodeJS.Signals | undefined;
  let killing = false;

  const find = (snapshot: ProcessSnapshot): readonly Leftover[] => {
    const left = findLeftovers(snapshot, { adopter, isOwnChild, known });
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

  const describeLeft = ({ process: { pid, marker }, service }: Leftover): LeftProcess => {
    const mayBeForeign = adopter === INIT && service === '' && marker === undefined;
    const isForeignOne = mayBeForeign && isForeign(readProcessFile(pid, 'environ') ?? '', process.env);
    return { service, pid, command: readCommandLine(pid), ...(isForeignOne && { isForeign: true }) };
  };

  const watch = createGoneWatch(async () => {
    const left = find(await table.next());
    urge(left);
    return left.length === 0 && isEmpty();
  });

  return {
    async look() {
      // Nothing leaves a cgroup by forking; only PID 1 adopts what was never in it.
      if (adopter !== INIT && cgroup?.provesEmpty() === true) return [];
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

const nothingLeft: Leftovers = {
  look: async () => [],
  ask() {},
  kill() {},
  gone: async () => {},
};
