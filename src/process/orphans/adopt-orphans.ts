/**
 * Sees to it that no orphan of our services is lost sight of, and that those which become our children are reaped.
 *
 * PID 1 adopts them anyway. Elsewhere we ask to be their subreaper, if koffi is there: before the first spawn where
 * there is no cgroup that knows them, else later, for those that move themselves out of it. Without, the mark in their
 * environment has to do.
 */
import { loadNative, type Native } from '../native.ts';
import { foreignChildren, isZombie } from '../tree/proc/children.ts';
import { noteAdoptedExit } from './adopted-exits.ts';
import { exitOfWaitStatus } from './wait-status.ts';

/** Loading koffi is not to delay what starts; few processes ever leave their cgroup, and fewer that soon. */
const LATER_MS = 500;

export interface AdoptionOptions {
  /** They are known by their cgroup. */
  readonly isKnown: boolean;
  /** Somebody else does it already, but for what becomes a child of PID 1. */
  readonly isDone: boolean;
  /** Told once, a sentence, if they can't be reaped. */
  readonly note: (text: string) => void;
}

export interface Adoption {
  /** Settles when services may be spawned; undefined: at once. Never rejects. */
  readonly prepared: Promise<void> | undefined;
  /** Whether all orphans have come to us since then. */
  adoptsAll(): boolean;
  stop(): void;
}

/** The caller ends it with `stop`, when no service is left. */
export function adoptOrphans({ isKnown, isDone, note }: AdoptionOptions): Adoption {
  let reaper: Reaper | undefined;
  let stopped = false;
  let isSubreaper = false;
  const reap = (): void => {
    if (!stopped) reaper = startReaper({ loadNative, onUnable: (why) => note(unableToReap(why)) });
  };
  const askToAdopt = async (): Promise<void> => {
    isSubreaper = becomeSubreaper(await loadNative());
    if (isSubreaper) reap();
  };
  const isPidOne = process.pid === 1;
  if (isPidOne) reap();
  const later =
    isPidOne || isDone || !isKnown
      ? undefined
      : setTimeout(() => !stopped && void askToAdopt(), LATER_MS).unref();
  return {
    prepared: isPidOne || isDone || isKnown ? undefined : askToAdopt(),
    adoptsAll: () => isPidOne || (isSubreaper && !isKnown),
    stop() {
      stopped = true;
      clearTimeout(later);
      reaper?.stop();
    },
  };
}

function unableToReap(why: string): string {
  return `orphans that have ended stay as zombies, since as PID 1 orderly can't reap them: ${why}; install it, or let an init do it (docker run --init)`;
}

// Reaps orphans that this process adopted, as soon as they end.
//
// The kernel says SIGCHLD for each, and it is looked then; no timer stands while there is nothing to reap. It never
// waits for a child that we started: libuv waits for those by their number, and one that is waited for behind its back
// never exits for Node.

interface Reaper {
  stop(): void;
}

interface ReaperOptions {
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
function startReaper({ loadNative, onUnable }: ReaperOptions): Reaper {
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

// Makes orphans of our services our own children, whatever they did to their session and environment (prctl(2)).
//
// It isn't inherited, and concerns only what is orphaned from then on. Who calls it has to reap them.

const PR_SET_CHILD_SUBREAPER = 36;

/** Whether it is so now. */
function becomeSubreaper(native: Native): boolean {
  if (native.kind === 'missing' || process.platform !== 'linux') return false;
  const prctl = native.libc.func('int prctl(int option, ...)');
  return prctl(PR_SET_CHILD_SUBREAPER, 'unsigned long', 1) === 0;
}
