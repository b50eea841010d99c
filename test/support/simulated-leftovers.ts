/**
 * Daemons on a clock that belong to a run and to no instance of it.
 */
import type { Clock } from '../../src/concurrency/index.ts';
import type { Leftovers } from '../../src/process/ports.ts';

export interface SimulatedLeftovers extends Leftovers {
  /** One more is alive from now on; `obeysAfterMs` is how long it takes to end once asked. */
  leave(obeysAfterMs: number | 'never', isForeign?: boolean): void;
  readonly alive: number;
}

export function createSimulatedLeftovers(
  clock: Clock,
  note: (what: 'ask-rest' | 'kill' | 'gone') => void,
): SimulatedLeftovers {
  const living = new Map<number, number | 'never'>();
  const asked = new Set<number>();
  const foreign = new Set<number>();
  const waiting: (() => void)[] = [];
  let nextPid = 9000;

  const end = (pid: number): void => {
    if (!living.delete(pid) || living.size > 0) return;
    note('gone');
    for (const settle of waiting.splice(0)) settle();
  };

  return {
    leave(obeysAfterMs, isForeign = false) {
      if (isForeign) foreign.add(nextPid);
      living.set(nextPid++, obeysAfterMs);
    },
    look: async () =>
      [...living.keys()].map((pid) =>
        foreign.has(pid)
          ? { service: '', pid, command: 'sleep', isForeign: true }
          : { service: '', pid, command: 'daemon' },
      ),
    ask() {
      note('ask-rest');
      for (const [pid, obeysAfterMs] of living) {
        if (obeysAfterMs !== 'never' && !asked.has(pid)) clock.at(clock.now() + obeysAfterMs, () => end(pid));
        asked.add(pid);
      }
    },
    kill() {
      note('kill');
      for (const pid of living.keys()) clock.at(clock.now() + 1, () => end(pid));
    },
    gone: () => (living.size === 0 ? Promise.resolve() : new Promise((settle) => waiting.push(settle))),
    get alive() {
      return living.size;
    },
  };
}
