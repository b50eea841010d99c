/**
 * A process group that is killed whole, and is waited for whole: on a busy machine a process lives on for a while after its
 * SIGKILL, though the leader of its group is gone.
 */
import { descendantsOf } from './proc/children.ts';
import { livingStats } from './proc/process-stat.ts';
import { sendSignal } from './signals/send-signal.ts';
import { createGoneWatch } from './until-gone.ts';

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
