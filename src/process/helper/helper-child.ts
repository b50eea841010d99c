/**
 * What the helper has spawned, as far as we know it: what becomes of each when the helper is lost.
 */
import { closeSync, constants, openSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';
import type { Exit, ExitUsage } from '../../events/fact-shape.ts';
import { livingStats } from '../tree/proc/process-stat.ts';
import { killGroup } from '../tree/process-group.ts';
import { sendSignal } from '../tree/signals/send-signal.ts';
import type { HelperSignal } from './wire.ts';

export type SpawnStep = 'pipes' | 'fork' | 'streams' | 'folder' | 'rights' | 'program';

export interface SpawnError extends NodeJS.ErrnoException {
  /** Undefined: it isn't known. */
  readonly step?: SpawnStep | undefined;
}

export type HelperSpawned =
  | {
      readonly kind: 'spawned';
      readonly pid: number;
      /** Of proc(5)'s stat; 0: not known. */
      readonly startTicks: number;
      /** Of each stream that is an outlet our end, which is the caller's. */
      readonly outlets: readonly number[];
      /** It isn't in the cgroup that was asked for. */
      readonly isOutside: boolean;
      /** Never rejects. */
      readonly exit: Promise<Exit>;
      /** Known by the time that `exit` settles; undefined: the helper was lost. */
      usage(): ExitUsage | undefined;
      /** False: it can't be signalled by the helper any more. */
      signal(ask: AskByHelper): boolean;
    }
  | { readonly kind: 'refused'; readonly error: SpawnError }
  /** The helper can't: whoever asks does it in another way. */
  | { readonly kind: 'unable' };

/** A signal that is sent where nobody but the child is in its cgroup, so that nobody else needs to be looked at. */
export interface AskByHelper extends Omit<HelperSignal, 'slot'> {
  /** Called where somebody is: then it was not sent. */
  readonly notAlone: () => void;
}

export interface HelperChild {
  readonly resolve: (spawned: HelperSpawned) => void;
  readonly exit: Promise<Exit>;
  readonly end: (exit: Exit) => void;
  pid: number;
  startTicks: number;
  notAlone: (() => void) | undefined;
  outlets: readonly number[];
  /** Why it can't be let run, though it was forked. */
  trouble: NodeJS.ErrnoException | undefined;
  isTold: boolean;
  usage: ExitUsage | undefined;
  patience: NodeJS.Timeout | undefined;
  release: () => void;
}

/** What it left runs on, or has ended unheard. */
export async function killLost({ pid, end }: HelperChild): Promise<void> {
  const isAlive = livingStats([pid]).length > 0;
  await killGroup(pid).gone();
  end(isAlive ? { kind: 'signal', signal: 'SIGKILL' } : { kind: 'unknown' });
}

/** Nobody has been told of it. */
export function abandon({ pid, outlets, resolve }: HelperChild): void {
  if (pid > 0) sendSignal(pid, 'SIGKILL');
  for (const fd of outlets) closeSync(fd);
  resolve({ kind: 'unable' });
}

/** All or none. Throws what the system says. */
export function openOutlets(helper: number, descriptors: readonly number[]): readonly number[] {
  const opened: number[] = [];
  try {
    for (const fd of descriptors)
      opened.push(openSync(`/proc/${helper}/fd/${fd}`, constants.O_RDONLY | constants.O_NONBLOCK));
    return opened;
  } catch (error) {
    for (const fd of opened) closeSync(fd);
    throw error;
  }
}

/** At what a spawn failed, as the helper numbers it. */
const STEPS: readonly SpawnStep[] = ['pipes', 'pipes', 'fork', 'streams', 'folder', 'rights', 'program'];

export function errorOf(errno: number, step: number): SpawnError {
  const code = getSystemErrorName(-errno);
  return Object.assign(new Error(`spawn ${code}`), { code, errno: -errno, step: STEPS[step] });
}
