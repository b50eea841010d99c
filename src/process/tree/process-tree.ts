/**
 * The processes of one instance without a cgroup of its own: asks them, kills them, tells when none is left.
 *
 * The first signal goes out before anything but the instance's own processes is looked at. Any other number is
 * signalled only after a look showed that it belongs to the tree. Asking the rest and killing go on until nothing is
 * left: what forks away from one look is found by the next. It never looks unless asked to.
 */
import { type Facts, isIn, isOf, remember, type Tree } from './members/membership.ts';
import {
  dueToBeAsked,
  findMembers,
  isNumberReused,
  type Process,
  type ProcessSnapshot,
} from './members/snapshot.ts';
import { descendantsOf } from './proc/children.ts';
import { livingStats, ticksNow } from './proc/process-stat.ts';
import { sendSignal, sendStop, sendToGroup, stopSignals } from './signals/send-signal.ts';
import type { ProcessTable } from './table/table.ts';
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
  /** Whether a process belongs to it, by itself and those above it; what was seen to stays known. */
  has(line: readonly Facts[]): boolean;
}

export interface TreeOptions {
  readonly pid: number;
  /** Its start; 0: not known. */
  readonly startTicks: number;
  /** Whether it leads a session and a group of its own. If not, nothing is sent to its group: that is ours. */
  readonly leadsGroup: boolean;
  /** Of its cell and its mark, as `instanceMarker` writes it. */
  readonly marker: string;
  readonly adoptsAll: boolean;
}

/** Owns the process `pid`, a child of ours, and what came of it. */
export function createProcessTree(
  { pid, leadsGroup, ...identity }: TreeOptions,
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

  const tree = (): Tree => ({ ...identity, pid, running, groupLost, hasCell: false, known });

  /** A look that began in this call may forget; one shared by the turn may be older than the last end. */
  const examine = (snapshot: ProcessSnapshot, isFresh: boolean): readonly Process[] => {
    if (isNumberReused(snapshot, tree())) groupLost = true;
    const members = findMembers(snapshot, tree());
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
    const inGroup = members.filter(isInGroup);
    if (leadsGroup && (running || inGroup.length > 0)) sendToGroup(pid, () => inGroup, ['SIGKILL']);
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

  /** After the signal: who had it, and who was there by then. What was started since may be a clean-up. */
  const noteAsked = async (
    below: readonly number[],
    atTicks: number,
    asGroup: boolean,
    others: NodeJS.Signals | undefined,
  ): Promise<void> => {
    const snapshot = await table.next();
    remember(
      known,
      below.flatMap((each) => snapshot.byPid.get(each) ?? []),
    );
    const members = examine(snapshot, true).filter(({ startTicks }) => startTicks <= atTicks);
    remember(present, members);
    if (asGroup) remember(askedAsGroup, members.filter(isInGroup));
    if (others === undefined) return;
    const rest = members.filter((process) => process.pid !== pid && !isIn(asked, process));
    remember(asked, rest);
    for (const process of rest) sendStop(process.pid, others);
  };

  const watch = createGoneWatch(async () => (await lookAndUrge()).length === 0);

  return {
    leaderEnded() {
      running = false;
      table.release(pid);
    },
    ask(signal, target) {
      if (!running) return;
      // Who left group and environment is known by its parent only while that lives.
      const below = descendantsOf(pid);
      const atTicks = ticksNow();
      const toGroup = leadsGroup && target === 'group';
      if (toGroup)
        sendToGroup(pid, () => [pid, ...below].map((each) => ({ pid: each })), stopSignals(signal));
      else sendStop(pid, signal);
      void noteAsked(below, atTicks, toGroup, target === 'group' && !toGroup ? signal : undefined);
    },
    askRest(signal) {
      restAsked = signal;
      watch.hurry();
      void lookAndUrge();
    },
    kill() {
      killing = true;
      if (running) {
        const below = descendantsOf(pid);
        sendSignal(leadsGroup ? -pid : pid, 'SIGKILL');
        for (const each of below) sendSignal(each, 'SIGKILL');
        // Who has left everything else is known by its parent only, which is about to be gone.
        remember(known, livingStats(below));
      }
      watch.hurry();
      void lookAndUrge();
    },
    gone: () => watch.gone(),
    claim: (processes) => remember(known, processes),
    alive: async () => examine(await table.next(), true).map((process) => process.pid),
    has(line) {
      const [first] = line;
      if (first === undefined) return false;
      // Without its leader a session may have ended since the last look, and its number be somebody else's.
      if (!running && !groupLost && line.some(({ session }) => session === pid)) examine(table.now(), false);
      const isMember = isOf(line, tree());
      if (isMember) remember(known, [first]);
      return isMember;
    },
  };
}
