/**
 * The process that a service named as its main one (`MAINPID`), in place of the one that was spawned.
 *
 * It is no child of ours: its end is found by looking, and how it ended is known only if we came to reap it. What it
 * said itself before it ended (`EXIT_STATUS`, `STOPPING`) stands in for that.
 */
import type { Exit } from '../events/event.ts';
import { onAdoptedExit } from './adopted-exits.ts';
import { readProcessFile } from './process-file.ts';
import { type ProcessStat, parseProcessStat } from './process-stat.ts';
import { createGoneWatch } from './until-gone.ts';

export interface Successor {
  readonly pid: number;
  /** Its process group when it was named. */
  readonly group: number;
}

export interface Handover {
  /** That process is the main one from now on. */
  take(pid: number): void;
  /** The spawned process is the main one again. */
  giveBack(): void;
  /** It, as long as it lives. */
  living(): Successor | undefined;
  /** Settles when it has ended; undefined: how can't be known. */
  ended(): Promise<Exit | undefined>;
  /** Looks soon: something was done that may end it. */
  hurry(): void;
  /** Looks no more. */
  dispose(): void;
}

/** Nobody is waited for but a service that runs: its end need not be known at once. */
const LONGEST_PAUSE_MS = 250;

export function createHandover(): Handover {
  let successor: ProcessStat | undefined;
  let exit: Exit | undefined;
  let forget = (): void => {};
  let isOver = false;

  const living = (): Successor | undefined => {
    if (successor === undefined) return undefined;
    try {
      return lookAt(successor.pid)?.startTicks === successor.startTicks ? successor : undefined;
    } catch (error) {
      // The system is out of descriptors or memory: that says nothing about it.
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return successor;
    }
  };

  const watch = createGoneWatch(() => isOver || living() === undefined, LONGEST_PAUSE_MS);

  const drop = (): void => {
    forget();
    successor = undefined;
    exit = undefined;
  };

  return {
    take(pid) {
      const named = lookAt(pid);
      if (named === undefined || (successor?.pid === pid && successor.startTicks === named.startTicks))
        return;
      drop();
      successor = named;
      forget = onAdoptedExit(pid, (how) => {
        exit = how;
        watch.hurry();
      });
    },
    giveBack: drop,
    living,
    async ended() {
      await watch.gone();
      forget();
      return exit;
    },
    hurry: () => watch.hurry(),
    dispose() {
      isOver = true;
      forget();
      watch.hurry();
    },
  };
}

/** Undefined: nothing of it runs any more. */
function lookAt(pid: number): ProcessStat | undefined {
  const line = readProcessFile(pid, 'stat');
  const stat = line === undefined ? undefined : parseProcessStat(pid, line);
  return stat?.dead === true ? undefined : stat;
}
