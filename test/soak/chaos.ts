/**
 * Does harm to the processes of a run, never to the supervisor: kills, stops, asks, and reads slowly.
 *
 * Whoever is stopped goes on some time later, so that harm doesn't pile up: some soon, some after longer than anybody
 * waits for a service to become ready.
 */
import { findMarked } from '../support/marked-processes.ts';
import { lookAt } from '../support/process-list.ts';
import type { Chance } from './random.ts';
import type { Supervisor } from './supervisor.ts';

export interface Chaos {
  /** One deed. */
  strike(): void;
  /** Lets all go on that are stopped. */
  relent(): void;
  /** Sessions of every process that was seen. */
  readonly sessions: ReadonlySet<number>;
  /** How often each was done. */
  readonly deeds: ReadonlyMap<string, number>;
}

const DEEDS = ['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'pause', 'hang', 'slow reader'] as const;
const HANG_MS = 8000;

export function createChaos(chance: Chance, supervisor: Supervisor): Chaos {
  const sessions = new Set<number>();
  const deeds = new Map<string, number>();
  const relief = new Map<NodeJS.Timeout, () => void>();

  const later = (ms: number, undo: () => void): void => {
    const timer = setTimeout(() => {
      relief.delete(timer);
      undo();
    }, ms);
    relief.set(timer, undo);
  };

  function victim(): number | undefined {
    const all = findMarked(`ORDERLY_RUN=${supervisor.pid}-`).filter(({ pid }) => pid !== supervisor.pid);
    for (const { pid } of all) {
      const session = lookAt(pid)?.session;
      if (session !== undefined) sessions.add(session);
    }
    return all.length === 0 ? undefined : chance.pick(all).pid;
  }

  return {
    strike() {
      const deed = chance.pick(DEEDS);
      deeds.set(deed, (deeds.get(deed) ?? 0) + 1);
      if (deed === 'slow reader') {
        supervisor.readSlowly();
        return later(500 + chance.below(1500), () => supervisor.readOn());
      }
      const pid = victim();
      if (pid === undefined) return;
      if (deed === 'SIGKILL' || deed === 'SIGTERM') return send(pid, deed);
      send(pid, 'SIGSTOP');
      later(deed === 'hang' ? HANG_MS : chance.below(1000), () => send(pid, 'SIGCONT'));
    },
    relent() {
      for (const [timer, undo] of relief) {
        clearTimeout(timer);
        undo();
      }
      relief.clear();
    },
    sessions,
    deeds,
  };
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
