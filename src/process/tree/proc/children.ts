/**
 * The children of a process as the kernel lists them: a read for each of its threads, whatever else runs here.
 *
 * Those of this process that it didn't start are orphans that it adopted, as PID 1 or as a subreaper.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { isOwnChild } from '../../own-children.ts';
import { readProcessStat } from './process-stat.ts';

/** More below one process are not walked: a signal must not wait for a look at a flood. */
const MOST = 256;

/**
 * The pids, the dead ones that nobody has reaped included. Undefined where it has ended, or the kernel doesn't list
 * them (CONFIG_PROC_CHILDREN). Throws if the system has nothing left to look with.
 */
export function childrenOf(pid: number | 'self'): readonly number[] | undefined {
  const threads = `/proc/${pid}/task`;
  try {
    return readdirSync(threads).flatMap((thread) =>
      readFileSync(`${threads}/${thread}/children`, 'utf8').trimEnd().split(' ').filter(Boolean).map(Number),
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ESRCH') throw error;
    return undefined;
  }
}

/** Its children, theirs, and so on, as far as they can be seen. Never throws for want of descriptors. */
export function descendantsOf(pid: number): readonly number[] {
  const found: number[] = [];
  const walk = [pid];
  for (let at = 0; at < walk.length && found.length < MOST; at++) {
    const children = tryChildrenOf(walk[at]!) ?? [];
    found.push(...children);
    walk.push(...children);
  }
  return found;
}

function tryChildrenOf(pid: number): readonly number[] | undefined {
  try {
    return childrenOf(pid);
  } catch (error) {
    // The system is out of descriptors or memory; the signal must go out all the same.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

/**
 * The orphans that this process adopted, by their pids, the dead ones that nobody has reaped included. Throws if the
 * system has nothing left to look with.
 */
export function foreignChildren(): readonly number[] {
  return (childrenOf('self') ?? scanForChildren()).filter((pid) => !isOwnChild(pid));
}

/** Undefined: it can't be looked now. Never throws for want of descriptors. */
export function livingChildrenOf(pid: number): readonly number[] | undefined {
  return tryChildrenOf(pid)?.filter((child) => isOwnChild(child) || !isZombie(child));
}

/** It has ended, and waits to be reaped. */
export function isZombie(pid: number): boolean {
  return readProcessStat(pid)?.dead === true;
}

/** Where the kernel doesn't list them. */
function scanForChildren(): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && readProcessStat(pid)?.parent === process.pid);
}
