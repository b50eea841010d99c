/**
 * Starts a short-lived process as another user, which root may do without CAP_KILL and CAP_SYS_PTRACE (CAP_SETUID).
 *
 * It gets no environment and no descriptors but for its output. Its user can stop it: whoever waits for it has an end.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { ownChild } from '../../own-children.ts';
import { readGroup } from '../proc/process-file.ts';
import { ownSignalRights } from './own-rights.ts';

export interface Ids {
  readonly uid: number;
  readonly gid?: number;
}

/** `like`: a process of that user, of whose group it is too, if we may give it that. */
export function idsOf(uid: number, like: number): Ids {
  const gid = ownSignalRights().maySetGroup ? readGroup(like) : undefined;
  return gid === undefined ? { uid } : { uid, gid };
}

/** Undefined: no memory for another process, or the like. It doesn't keep us alive; its output, if we want it, does. */
export function spawnAs(
  ids: Ids,
  [program, ...args]: readonly [string, ...string[]],
  output: 'pipe' | 'ignore',
): ChildProcess | undefined {
  const options: SpawnOptions = {
    ...ids,
    cwd: '/',
    env: {},
    stdio: ['ignore', output, 'ignore'],
    detached: true,
  };
  try {
    const child = ownChild(spawn(program, args, options));
    child.unref();
    return child;
  } catch {
    return undefined;
  }
}
