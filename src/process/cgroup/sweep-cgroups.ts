/**
 * Removes the cgroups that dead runs have left beside ours, as far as nothing is in them.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { populationOf } from './cgroup-files.ts';
import { removeEmptyCgroup } from './remove-cgroup.ts';
import { RUN_PREFIX } from './run-cgroup.ts';

/**
 * `own`: the folder of our run. `isDead` tells of the name of a run; it can't know of a supervisor in another pid
 * namespace, and while there is a process of one beside us nothing is removed. Never throws.
 */
export function sweepCgroups(own: string, isDead: (run: string) => boolean): void {
  const parent = dirname(own);
  try {
    const dead = readdirSync(parent)
      .filter((name) => name.startsWith(RUN_PREFIX) && isDead(name.slice(RUN_PREFIX.length)))
      .map((name) => join(parent, name))
      .filter((folder) => folder !== own && populationOf(folder) === 'none');
    if (dead.length > 0 && isAmongOurOwn(parent)) for (const folder of dead) removeEmptyCgroup(folder);
  } catch (error) {
    // It may not be read: then it isn't ours to tidy up.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** A supervisor is in the cgroup above that of its run. A number from outside our namespace is shown as 0. */
function isAmongOurOwn(folder: string): boolean {
  const ours = readlinkSync('/proc/self/ns/pid');
  return readFileSync(`${folder}/cgroup.procs`, 'latin1')
    .split('\n')
    .filter((line) => line !== '')
    .every((pid) => pid !== '0' && [ours, undefined].includes(namespaceOf(pid)));
}

/** Undefined: it has ended, or may not be looked at, which is true of what isn't our user's. */
function namespaceOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}
