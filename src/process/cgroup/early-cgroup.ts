/**
 * Our own cgroup, and a kernel that is ready to move processes. Importing this file makes it so, if the command line
 * looks as if services will run.
 *
 * The first move of a process after a while waits for every processor (`cgroup_threadgroup_rwsem` of the kernel), 5 to
 * 20 ms; moves that follow within some ms don't. So we move ourselves to where we are, beside the loop, while the rest of
 * the program is loaded. What the helper spawns is born in its cgroup: then nobody moves.
 */
import { promises, readFileSync } from 'node:fs';
import { hasHelper } from '../helper/the-helper.ts';
import { willSupervise } from '../will-supervise.ts';
import { findCgroup, type OwnCgroup } from './find-cgroup.ts';

/** Undefined: there is no version 2 to be seen. */
export function ownCgroup(): OwnCgroup | undefined {
  try {
    return findCgroup(
      readFileSync('/proc/self/mountinfo', 'utf8'),
      readFileSync('/proc/self/cgroup', 'utf8'),
    );
  } catch {
    // No Linux, or no /proc.
    return undefined;
  }
}

async function moveToWhereWeAre(): Promise<void> {
  const own = ownCgroup();
  // Whether we may is found out, and said, when a cgroup is made.
  if (own !== undefined) await promises.writeFile(`${own.folder}/cgroup.procs`, '0').catch(() => {});
}

/** Settles when the kernel is ready. Never rejects. */
export const movesAreQuick: Promise<void> =
  willSupervise && !hasHelper ? moveToWhereWeAre() : Promise.resolve();
