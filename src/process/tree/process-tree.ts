/**
 * The processes of one instance: asks them, kills them, tells when none is left.
 *
 * A number is signalled only after a look showed that it belongs to the tree. Asking the rest and killing go on until
 * nothing is left: what forks away from one look is found by the next. It never looks unless asked to.
 */
import { dueToBeAsked } from './due-to-be-asked.ts';
import type { Process, ProcessSnapshot } from './process-snapshot.ts';
import type { ProcessTable } from './process-table.ts';
import { sendSignal } from './send-signal.ts';
import { sendStop } from './send-stop.ts';
import { findMembers, isIn, isNumberReused } from './tree-members.ts';
import { createGoneWatch } from './until-gone.ts';

export interface ProcessTree {
  /** Call when the main process has been reaped. */
  leaderEnded(): void;
  ask(signal: NodeJS.Signals, target: 'group' | 'main'): void;
  askRest(signal: NodeJS.Signals): void;
  kill(): void;
  /** Settles when nothing of it is alive. */
  gone(): Promise<void>;
  /** The pids of what is alive. */
  alive(): Promise<readonly number[]>;
  /** These are of it, though nothing of themselves tells so. */
  claim(processes: readonly Process[]): void;
  /** Whether a living process belongs to it; what was seen to stays known. */
  has(pid: number): boolean;
}

export interface TreeOptions {
  readonly pid: number;
  /** Whether it leads a session and a group of its own. If not, nothing is sent to its group: that is ours. */
  readonly leadsGroup: boolean;
  /** What its environment says of it, as `instanceMarker` writes it. */
  readonly marker: string;
  /** Whether a cgroup that holds it is empty: what moves on from one process to the next is seen by no look. */
  readonly isEmpty?: (() => boolean) | undefined;
}

/** Owns the process `pid`, a child of ours, and what came of it. */
export function createProcessTree(
  { pid, leadsGroup, marker, isEmpty = () => true }: TreeOptions,
  table: ProcessTable,
): ProcessTree {
  const known = new Map<number, number>();
  const asked = new Map<number, number>();
  const askedAsGroup = new Map<number, number>();
  const present = new Map<number, number>();
  let running = true;
  let groupLost = !leadsGroup;
  let restAsked: NodeJS.Signals | undefined;
  let killing = false;
  if (leadsGroup) table.adopt(pid);

  /** A look that began in this call may forget; one shared by the turn may be older than the last end. */
  const examine = (snapshot: ProcessSnapshot, isFresh: boolean): readonly Process[] => {
    if (isNumberReused(snapshot, { pid, running, groupLost, marker, known })) groupLost = true;
    const members = findMembers(snapshot, { pid, running, groupLost, marker, known });
    if (isFresh) {
      groupLost ||= !running && !members.some((process) => process.group === pid || process.session === pid);
      known.clear();
    }
    remember(known, members);
    return members;
  };

  const isInGroup = (process: Process): boolean => !groupLost && process.group === pid;

  const killAll = (members: readonly Process[]): void => {
    // The group first and at once: nothing in it can fork away from us.
    if (leadsGroup && (running || members.some(isInGroup))) sendSignal(-pid, 'SIGKILL');
    for (const process of members) if (!isInGroup(process)) sendSignal(process.pid, 'SIGKILL');
  };

  /** Who has left the group since may have left it just before the signal came. */
  const wasAsked = (process: Process): boolean =>
    isIn(asked, process) || (isIn(askedAsGroup, process) && isInGroup(process));

  const urge = (members: readonly Process[]): void => {
    if (killing) killAll(members);
    else if (restAsked !== undefined && !running) {
      const rest = dueToBeAsked(members, wasAsked, (process) => isIn(present, process));
      remember(asked, rest);
      for (const process of rest) sendStop(process.pid, restAsked);
    }
  };

  const lookAndUrge = async (): Promise<readonly Process[]> => {
    const members = examine(await table.next(), true);
    urge(members);
    return members;
  };

  const watch = createGoneWatch(async () => (await lookAndUrge()).length === 0 && isEmpty());

  return {
    leaderEnded() {
      running = false;
      table.release(pid);
    },
    ask(signal, target) {
      if (!running) return;
      // Looked at before the signal: who left group and environment is known by its parent only while that lives.
      const members = examine(table.now(), false);
      remember(present, members);
      if (leadsGroup && target === 'group') {
        remember(askedAsGroup, members.filter(isInGroup));
        sendStop(-pid, signal);
      } else {
        const others = target === 'group' ? members.filter((process) => process.pid !== pid) : [];
        remember(asked, others);
        sendStop(pid, signal);
        for (const process of others) sendStop(process.pid, signal);
      }
    },
    askRest(signal) {
      restAsked = signal;
      watch.hurry();
      void lookAndUrge();
    },
    kill() {
      killing = true;
      killAll(examine(table.now(), false));
      watch.hurry();
    },
    gone: () => watch.gone(),
    claim: (processes) => remember(known, processes),
    alive: async () => examine(await table.next(), true).map((process) => process.pid),
    has: (wanted) => examine(table.now(), false).some((process) => process.pid === wanted),
  };
}

function remember(identities: Map<number, number>, processes: readonly Process[]): void {
  for (const process of processes) identities.set(process.pid, process.startTicks);
}
