/**
 * A tree as far as it can be seen without `/proc`: the group, and only whether anything of it is left.
 *
 * A process that left the group with setsid is not found.
 */

import { descendantsOf } from './proc/children.ts';
import { livingStats } from './proc/process-stat.ts';
import type { ProcessTree } from './process-tree.ts';
import { sendSignal, sendStop } from './signals/send-signal.ts';
import { createGoneWatch } from './until-gone.ts';

/** Owns the group led by `pid`; or, where that leads none, only the process itself. */
export function createProcessGroup(pid: number, leadsGroup: boolean): ProcessTree {
  const everyone = leadsGroup ? -pid : pid;
  let running = true;
  // Once seen empty, its number may belong to somebody else.
  let lost = false;
  let wasAsked = false;
  let killing = false;

  const isAlive = (): boolean => {
    // What may not be signalled there are zombies (macOS), or processes that changed their user.
    if (!lost && !running && (!leadsGroup || sendSignal(everyone, 0) === 'nobody')) lost = true;
    return !lost;
  };

  const kill = (): void => {
    if (isAlive()) sendSignal(everyone, 'SIGKILL');
  };

  const watch = createGoneWatch(() => {
    if (killing) kill();
    return !isAlive();
  });

  return {
    leaderEnded() {
      running = false;
    },
    ask(signal, target) {
      if (!running) return;
      wasAsked = target === 'group';
      sendStop(wasAsked ? everyone : pid, signal);
    },
    askRest(signal) {
      if (!wasAsked && isAlive()) sendStop(everyone, signal);
      wasAsked = true;
      watch.hurry();
    },
    kill() {
      killing = true;
      kill();
      watch.hurry();
    },
    gone: () => watch.gone(),
    alive: async () => (isAlive() ? [pid] : []),
    claim() {},
    has: () => false,
  };
}

// A process group that is killed whole, and is waited for whole: on a busy machine a process lives on for a while after its
// SIGKILL, though the leader of its group is gone.

export interface KilledGroup {
  /** Settles when nothing of the group runs any more; what nobody has reaped doesn't. Never rejects. */
  gone(): Promise<void>;
}

/** Kills the group that `leader` leads. */
export function killGroup(leader: number): KilledGroup {
  // Orphans can't be found by their parent any more.
  const known = livingStats(descendantsOf(leader)).filter(({ group }) => group === leader);
  sendSignal(-leader, 'SIGKILL');
  const runs = (): boolean =>
    livingStats(known.map(({ pid }) => pid)).some((now) =>
      known.some(({ pid, startTicks }) => pid === now.pid && startTicks === now.startTicks),
    );
  const watch = createGoneWatch(() => sendSignal(-leader, 0) === 'nobody' || !runs());
  return { gone: () => watch.gone() };
}
