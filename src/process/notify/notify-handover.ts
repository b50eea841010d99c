/**
 * The process that a service named as its main one (`MAINPID`), in place of the one that was spawned.
 *
 * It is no child of ours: its end is found by looking, and how it ended is known only if we came to reap it. What it
 * said itself before it ended (`EXIT_STATUS`, `STOPPING`) stands in for that.
 */
import type { Exit } from '../../events/fact-shape.ts';
import { onAdoptedExit, untilTold } from '../orphans/adopted-exits.ts';
import { readProcessFile } from '../tree/proc/process-file.ts';
import { type ProcessStat, parseProcessStat } from '../tree/proc/process-stat.ts';
import { createGoneWatch } from '../tree/until-gone.ts';

export interface Successor {
  readonly pid: number;
  /** Its process group when it was named. */
  readonly group: number;
}

export interface Handover {
  /** That process, which is alive, is the main one from now on; false: it was already, or it has ended meanwhile. */
  take(named: ProcessStat): boolean;
  /** The spawned process is the main one again. */
  giveBack(): void;
  /** Another process was named, whether it lives or not. */
  isMade(): boolean;
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
  let told: Promise<void> | undefined;
  let forget = (): void => {};
  let isOver = false;

  const living = (): Successor | undefined => {
    if (successor === undefined) return undefined;
    const seen = lookAt(successor.pid);
    return seen === 'unknown' || (seen !== 'ended' && isSame(seen, successor)) ? successor : undefined;
  };

  const watch = createGoneWatch(() => isOver || living() === undefined, LONGEST_PAUSE_MS);

  const drop = (): void => {
    forget();
    successor = undefined;
    exit = undefined;
  };

  return {
    take(named) {
      const seen = lookAt(named.pid);
      if (seen === 'ended' || seen === 'unknown' || !isSame(seen, named) || isSame(named, successor))
        return false;
      drop();
      successor = named;
      told = new Promise((resolve) => {
        forget = onAdoptedExit(named.pid, (how) => {
          exit = how;
          resolve();
          watch.hurry();
        });
      });
      return true;
    },
    giveBack: drop,
    isMade: () => successor !== undefined,
    living,
    async ended() {
      await watch.gone();
      if (exit === undefined && told !== undefined && !isOver) await untilTold(told);
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

function isSame(one: ProcessStat, other: ProcessStat | undefined): boolean {
  return one.pid === other?.pid && one.startTicks === other.startTicks;
}

function lookAt(pid: number): ProcessStat | 'ended' | 'unknown' {
  try {
    const line = readProcessFile(pid, 'stat');
    const stat = line === undefined ? undefined : parseProcessStat(pid, line);
    if (stat === undefined) return 'ended';
    // One that we adopted is reaped in a moment, and how it ended is known then.
    return stat.dead && stat.parent !== process.pid ? 'ended' : stat;
  } catch (error) {
    // The system is out of descriptors or memory: that says nothing about it.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return 'unknown';
  }
}
