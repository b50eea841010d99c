/**
 * Sees to it that no orphan of our services is lost sight of, and that those which become our children are reaped.
 *
 * PID 1 adopts them anyway. Elsewhere we ask to be their subreaper, if koffi is there: before the first spawn where
 * there is no cgroup that knows them, else later, for those that move themselves out of it. Without, the mark in their
 * environment has to do.
 */
import { loadNative } from '../native.ts';
import { type Reaper, startReaper } from './reaper.ts';
import { becomeSubreaper } from './subreaper.ts';

/** Loading koffi is not to delay what starts; few processes ever leave their cgroup, and fewer that soon. */
const LATER_MS = 500;

export interface AdoptionOptions {
  /** They are known by their cgroup. */
  readonly hasCgroup: boolean;
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
export function adoptOrphans({ hasCgroup, note }: AdoptionOptions): Adoption {
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
    isPidOne || !hasCgroup ? undefined : setTimeout(() => !stopped && void askToAdopt(), LATER_MS).unref();
  return {
    prepared: isPidOne || hasCgroup ? undefined : askToAdopt(),
    adoptsAll: () => isPidOne || (isSubreaper && !hasCgroup),
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
