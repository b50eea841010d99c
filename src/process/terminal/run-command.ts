/**
 * A command that has this program's own terminal, environment and folder, and is nobody's service. It sits apart from us
 * as the command of `orderly run` does (`seat.ts`).
 *
 * What asks it to end asks its whole group; what is left of that after its end is asked once more, and killed a moment
 * later. One that ends by itself may leave what it likes, as in a shell.
 */
import { readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import type { Exit } from '../../events/fact-shape.ts';
import { spawnWrapped } from '../rights/spawn-wrapped.ts';
import type { Rights } from '../rights-ports.ts';
import { explainSpawnFailure } from '../spawn/spawn-failure.ts';
import { livingStats } from '../tree/proc/process-stat.ts';
import { killGroup } from '../tree/process-group.ts';
import { sendSignal, sendStop } from '../tree/signals/send-signal.ts';
import { createGoneWatch } from '../tree/until-gone.ts';
import { leaveSeat, spawnAtSeat, takeSeat } from './seat.ts';

export interface CommandProcess {
  /** Settles with its status as a shell tells it, or with why it couldn't be started. Never rejects. */
  readonly ended: Promise<{ readonly status: number } | { readonly why: string }>;
  /** Hands a signal on. Does nothing when it has ended. */
  signal(signal: NodeJS.Signals): void;
}

export interface CommandSurroundings {
  /** By default those of this program. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly cwd?: string | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** These ask for the end: all that the command has started is to hear of it. */
const ENDING: ReadonlySet<NodeJS.Signals> = new Set(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']);
/** What its group has left may take that long after it. */
const LEFT_MS = 1_000;

export function runCommand(argv: readonly string[], surroundings: CommandSurroundings = {}): CommandProcess {
  const { env = process.env, cwd = process.cwd(), uid, gid } = surroundings;
  const program = { argv, cwd, env: definedIn(env) };
  const ids = uid === undefined || gid === undefined ? undefined : { uid, gid };
  let asked: NodeJS.Signals | undefined;
  let send = (signal: NodeJS.Signals): void => {
    asked ??= signal;
  };
  const run = async (): Promise<{ readonly status: number } | { readonly why: string }> => {
    const request = { terminal: true, channel: 'none', rights: ids && { ...NO_RIGHTS, ids } } as const;
    const seat = await takeSeat({ ...request, onNotification() {} }, program);
    const wrapped = { ...program, direct: undefined, ids, reports: false, error: undefined };
    const leadsGroup = seat.leads !== 'nothing';
    const { spawned } = await (seat.by === 'us'
      ? spawnAtSeat(seat, wrapped, { inside: undefined, onSpawned() {} })
      : spawnWrapped(wrapped, { stdio: ['inherit', 'inherit', 'inherit'], ownSession: leadsGroup }));
    if (spawned.kind === 'refused') {
      leaveSeat(seat);
      return { why: explainSpawnFailure({ ...program, error: spawned.error }).why };
    }
    const { pid } = spawned;
    let wasAsked = false;
    send = (signal) => {
      const ends = ENDING.has(signal);
      wasAsked ||= ends;
      // The terminal gives it to all of our group.
      if (!leadsGroup && signal === 'SIGINT' && isatty(0)) return;
      if (ends) sendStop(leadsGroup ? -pid : pid, signal);
      else sendSignal(pid, signal);
    };
    if (asked !== undefined) send(asked);
    const exit = await spawned.exit;
    send = () => {};
    if (wasAsked && leadsGroup) await endGroup(pid);
    return { status: statusOf(exit) };
  };
  return { ended: run(), signal: (signal) => send(signal) };
}

const NO_RIGHTS: Omit<Rights, 'ids'> = {
  env: {},
  before: [],
  script: undefined,
  uid: undefined,
  who: undefined,
};

/** The number of the group is nobody else's while anything is in it. */
async function endGroup(leader: number): Promise<void> {
  // Who has ended and waits for an init to reap it is in the group, too.
  const isEmpty = (): boolean => sendSignal(-leader, 0) === 'nobody' || !hasLiving(leader);
  if (isEmpty()) return;
  sendStop(-leader, 'SIGTERM');
  const deadlineMs = performance.now() + LEFT_MS;
  await createGoneWatch(() => isEmpty() || performance.now() > deadlineMs).gone();
  if (!isEmpty()) await killGroup(leader).gone();
}

function hasLiving(group: number): boolean {
  try {
    const pids = readdirSync('/proc').map(Number).filter(Boolean);
    return livingStats(pids).some((stat) => stat.group === group);
  } catch (error) {
    // There is no /proc, or nothing to look with.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
}

function definedIn(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

function statusOf(exit: Exit): number {
  if (exit.kind === 'code') return exit.code;
  return exit.kind === 'signal' ? 128 + (constants.signals[exit.signal as NodeJS.Signals] ?? 0) : 1;
}
