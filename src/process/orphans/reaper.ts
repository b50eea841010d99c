/**
 * Reaps orphans that this process adopted, as soon as they end.
 *
 * The kernel says SIGCHLD for each, and it is looked then; no timer stands while there is nothing to reap. It never
 * waits for a child that we started: libuv waits for those by their number, and one that is waited for behind its back
 * never exits for Node.
 */
import type { Native } from '../native.ts';
import { foreignChildren, isZombie } from '../tree/proc/children.ts';
import { noteAdoptedExit } from './adopted-exits.ts';
import { exitOfWaitStatus } from './wait-status.ts';

export interface Reaper {
  stop(): void;
}

export interface ReaperOptions {
  /** Asked with the first orphan that has ended, not before: most runs never have one. Never rejects. */
  readonly loadNative: () => Promise<Native>;
  /** Called once, when an orphan has ended and can't be reaped; `why` is a clause. */
  readonly onUnable: (why: string) => void;
}

/** Of waitpid(2). */
const WNOHANG = 1;
/** When to look again after a look that didn't settle it. */
const AGAIN_MS = 100;

type WaitPid = (pid: number, status: [number], options: number) => number;

/** Those that ended before are reaped too. The caller ends it with `stop`. */
export function startReaper({ loadNative, onUnable }: ReaperOptions): Reaper {
  let waitPid: WaitPid | undefined;
  let looking: NodeJS.Immediate | undefined;
  let again: NodeJS.Timeout | undefined;
  let stopped = false;

  const look = async (): Promise<void> => {
    looking = undefined;
    if (!listed().some(isZombie)) return;
    if (waitPid === undefined) {
      const native = await loadNative();
      if (stopped) return;
      if (native.kind === 'missing') {
        stop();
        onUnable(native.why);
        return;
      }
      waitPid = native.libc.func('int waitpid(int pid, _Out_ int *status, int options)') as WaitPid;
    }
    // Listed and waited for in one turn: no number can have become that of a child of ours meanwhile.
    for (const pid of listed()) {
      const status: [number] = [0];
      if (waitPid(pid, status, WNOHANG) === pid) noteAdoptedExit(pid, exitOfWaitStatus(status[0]));
    }
    if (listed().some(isZombie)) lookLater();
  };

  /** None if it can't be looked now, for want of descriptors. */
  const listed = (): readonly number[] => {
    try {
      return foreignChildren();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      lookLater();
      return [];
    }
  };

  const lookLater = (): void => {
    again ??= setTimeout(() => {
      again = undefined;
      lookSoon();
    }, AGAIN_MS).unref();
  };

  /** Many that end at once are one look. */
  const lookSoon = (): void => {
    if (!stopped) looking ??= setImmediate(() => void look());
  };

  const stop = (): void => {
    stopped = true;
    process.removeListener('SIGCHLD', lookSoon);
    clearTimeout(again);
    if (looking !== undefined) clearImmediate(looking);
  };

  process.on('SIGCHLD', lookSoon);
  lookSoon();
  return { stop };
}
